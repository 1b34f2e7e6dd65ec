"""One flow from file to result, without documents or a store: what the terminal's `run`, `generate` and `export` do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder_app.flow.codec import FlowUnreadable, loads
from builder_app.flow.json_text import RepeatedMembers, read_json
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.market.library import Library
from builder_app.market.prices import read_prices
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import RunFailure, RunProgress, RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session.config_codec import ConfigUnreadable, config_from_json
from builder_app.session.generating import Generated, generate


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """What one flow gave: problems and code, and the outcome of the test where there was code to test."""

    flow: LogicFlow
    config: TestConfig
    generated: Generated
    outcome: RunResult | RunFailure | None = None


def read_flow(path: Path, examples: Path) -> LogicFlow:
    """A flow file, or the ready-made strategy of this name; raises FlowUnreadable, or OSError with a sentence."""
    example = examples / f"{path.name}.flow.json"
    if not path.exists() and path.parent == Path() and example.exists():
        path = example
    return loads(path.read_bytes())


def read_config(path: Path | None) -> TestConfig:
    """A test set-up from its file; raises ConfigUnreadable with every reason at once."""
    if path is None:
        return TestConfig()
    try:
        content = read_json(path.read_bytes())
    except FlowUnreadable as reason:
        raise ConfigUnreadable(
            tuple(f"'{path}': {problem.message} {problem.hint}" for problem in reason.problems)
        ) from reason
    if isinstance(content, RepeatedMembers):
        raise ConfigUnreadable((f"'{path}' says {', '.join(content.repeated)} more than once; keep one of each.",))
    return config_from_json(content)


def load_pool(library: Library, config: TestConfig) -> Panel:
    """The library's bars of the pool, and of the benchmark where it is a symbol; raises ValueError with a sentence."""
    pool = config.stock_pool
    if pool and config.benchmark is not None and config.benchmark not in pool:
        pool = (*pool, config.benchmark)
    return library.load(pool, config.start_date, config.end_date, config.frequency)


def load_panel(config: TestConfig, library: Callable[[], Library], files: Sequence[Path] | None) -> Panel:
    """The bars of the library, or of these files; raises ValueError with a sentence."""
    if files:
        return read_prices(files, config.stock_pool, config.start_date, config.end_date)
    return load_pool(library(), config)


def test_flow(
    flow: LogicFlow,
    config: TestConfig,
    catalogue: Catalogue,
    load: Callable[[TestConfig], Panel],
    progressed: Callable[[RunProgress], None],
) -> Tested:
    """Check, generate, test. Raises ValueError with a sentence where the prices can't be had."""
    progressed(RunProgress("Generating code", 0.0))
    generated = generate(flow, catalogue)
    if generated.program is None:
        return Tested(flow, config, generated)
    progressed(RunProgress("Reading prices", 0.05))
    panel = load(config)
    runner = Runner()
    try:
        outcome = runner.run(RunRequest(generated.program.source, config, panel), progressed, lambda: False)
    finally:
        runner.close()
    return Tested(flow, config, generated, outcome)


test_flow.__test__ = False  # type: ignore[attr-defined]  # pytest would collect it by its name
