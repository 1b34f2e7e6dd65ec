"""One flow from file to result, without documents or a store: what the terminal's `run`, `generate` and `export` do."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder_app.codegen.program import ValidationStatus
from builder_app.flow.codec import FlowUnreadable, loads
from builder_app.flow.json_text import RepeatedMembers, read_json
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.secret_values import guarded
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.market.csv_text import csv_text
from builder_app.market.file_prices import bars_in_files, load_files
from builder_app.market.groups import GroupsFile
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import RunFailure, RunProgress, RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session.runs.config_codec import ConfigUnreadable, config_from_json
from builder_app.session.runs.prices_to_read import to_read
from builder_app.session.shelf.saved import StrategyUnavailable
from builder_app.session.whole_files import read_limited

if TYPE_CHECKING:
    from builder_app.market.library import Library
    from builder_app.session.code.generating import Generated

__all__ = [
    "PricesUnreadable",
    "Tested",
    "load_panel",
    "load_pool",
    "prices_text",
    "read_config",
    "read_flow",
    "test_flow",
    "with_groups",
]


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """What one flow gave: problems and code, and the outcome of the test where there was code to test.

    `remarks` are what the strategist should know of the prices: gaps, rows that were sorted, symbols left out.
    """

    flow: LogicFlow
    config: TestConfig
    generated: "Generated"
    outcome: RunResult | RunFailure | None = None
    remarks: tuple[str, ...] = ()


def read_flow(path: Path, examples: Path) -> LogicFlow:
    """A flow file, or the ready-made strategy of this name; raises FlowUnreadable, StrategyUnavailable or OSError."""
    if path.exists() or path.suffix == ".json" or path.parent != Path():
        return loads(read_limited(path, MAXIMUM_BYTES))
    example = examples / f"{path.name}.flow.json"
    if not example.exists():
        names = sorted(file.name.removesuffix(".flow.json") for file in examples.glob("*.flow.json"))
        near = difflib.get_close_matches(path.name, names, 1)
        hint = f"Did you mean '{near[0]}'?" if near else f"The ready-made strategies are {', '.join(names)}."
        raise StrategyUnavailable(f"There is no file '{path}', and no ready-made strategy of that name. {hint}")
    return loads(read_limited(example, MAXIMUM_BYTES))


def read_config(path: Path | None) -> TestConfig:
    """A test set-up from its file; raises OSError, or ConfigUnreadable with every reason at once."""
    if path is None:
        return TestConfig()
    try:
        content = read_json(read_limited(path, MAXIMUM_BYTES))
        if isinstance(content, RepeatedMembers):
            raise ConfigUnreadable((f"{', '.join(content.repeated)} is there more than once; keep one of each.",))
        return config_from_json(content)
    except FlowUnreadable as reason:
        sentences = tuple(f"{problem.message} {problem.hint}".rstrip() for problem in reason.problems)
        raise ConfigUnreadable(tuple(f"{path}: {sentence}" for sentence in sentences)) from reason
    except ConfigUnreadable as reason:
        raise ConfigUnreadable(tuple(f"{path}: {sentence}" for sentence in reason.problems)) from reason


def with_groups(config: TestConfig, library: "Library") -> TestConfig:
    """The set-up with the symbols of groups in the place of groups' names; a symbol that has such a name goes first.

    Raises PricesUnreadable where the groups are damaged.
    """
    known = {info.symbol for info in library.symbols()}
    if known.issuperset(config.stock_pool):
        return config
    groups = GroupsFile(library.folder).read().groups
    pool = [groups[name] if name in groups and name not in known else (name,) for name in config.stock_pool]
    return replace(config, stock_pool=tuple(dict.fromkeys(symbol for symbols in pool for symbol in symbols)))


def load_pool(library: "Library", config: TestConfig) -> Panel:
    """The library's bars of the pool, and of the benchmark where it is a symbol; raises ValueError with a sentence."""
    return library.load(_wanted(config), config.start_date, config.end_date, config.frequency)


def load_panel(config: TestConfig, library: "Callable[[], Library]", files: Sequence[Path] | None) -> Panel:
    """The bars of the library, or of these files; raises PricesUnreadable with whole sentences."""
    if files:
        return load_files(files, _wanted(config), (config.start_date, config.end_date), config.frequency)
    return load_pool(library(), config)


def test_flow(
    flow: LogicFlow,
    config: TestConfig,
    catalogue: Callable[[], Catalogue],
    load: Callable[[TestConfig], Panel],
    progressed: Callable[[RunProgress], None],
) -> Tested:
    """Check, generate, test. Raises PricesUnreadable where the prices can't be had."""
    with Runner() as runner:  # its process loads its libraries while ours are loaded here
        progressed(RunProgress("Generating code", 0.0))
        from builder_app.session.code.generating import generate

        known = catalogue()
        flow = guarded(flow, known)  # a file may hold plain values where the template calls them sensitive
        generated = generate(flow, known)
        if generated.program is None or generated.report is None:
            return Tested(flow, config, generated)
        if generated.report.status is not ValidationStatus.VALID:  # what the checks refuse is not run
            return Tested(flow, config, generated)
        progressed(RunProgress("Reading prices", 0.05))
        panel = load(to_read(config, generated.program))
        request = RunRequest(generated.program.source, config, panel, checks_signals=True)
        outcome = runner.run(request, lambda made: progressed(replace(made, share=0.1 + 0.9 * made.share)))
        return Tested(flow, config, generated, outcome, panel.remarks)


def prices_text(
    symbols: Sequence[str],
    library: "Callable[[], Library]",
    files: Sequence[Path] | None,
    frequency: str = "daily",
) -> str:
    """The prices that a test read, as one CSV text that gives them back bit for bit."""
    if files:
        return csv_text(bars_in_files(files, frozenset(symbols), frequency))
    return library().csv_text(symbols, frequency)


test_flow.__test__ = False  # type: ignore[attr-defined]  # pytest would collect it by its name


def _wanted(config: TestConfig) -> tuple[str, ...]:
    """The pool and the benchmark; an empty pool is every symbol, and the benchmark is among them."""
    pool, benchmark = config.stock_pool, config.benchmark
    return (*pool, benchmark) if pool and benchmark is not None and benchmark not in pool else pool
