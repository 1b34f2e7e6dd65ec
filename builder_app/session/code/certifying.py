"""Every generated text is held against its picture: run in the sandbox on small panels, and compared bar by bar."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from builder_app.codegen.advice import advice_on_picture, advice_on_values
from builder_app.codegen.interpreter.certificate import COLUMNS, Certificate, certify, panel_of
from builder_app.codegen.interpreter.interpret import Panel as InterpretedPanel
from builder_app.codegen.interpreter.interpret import interpret_panel
from builder_app.codegen.program import CheckReport, Program
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.checking import never_read, strategy_of
from builder_app.flow.group_paths import path_name
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.market.library import Library
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.panel import Panel, make_panel
from builder_app.quicktest.engine.bars import bars_from, benchmark_in
from builder_app.quicktest.request import FailureKind, RunFailure, RunRequest, TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session.code.generating import Generated

MOST_BARS, FEWEST_BARS = 250, 40
BLOCK_BARS: Final = 12_000
"""Blocks × bars that are worked out by the interpreter at most: it is exact, and slow."""
MOST_SYMBOLS: Final = 2
MOST_ADVISED_BARS, ADVISED_BLOCK_BARS = 750, 12_000
NOT_COMPARED: Final = "could not be run beside its picture, so nothing says that it does what is drawn."
SEED: Final = 20_26
GAPS: Final = 0.1
"""The share of bars that the made prices lack."""


@dataclass(frozen=True, slots=True, eq=False)
class ToCertify:
    """A text and the picture that it came from."""

    program: Program
    flow: LogicFlow
    catalogue: Catalogue

    @property
    def subject(self) -> str:
        """The text, as a sentence on it begins."""
        target = TARGETS.get(self.program.target)
        return "The code" if target is None else f"The strategy in the code for {target.title}"

    def block_at(self, line: int) -> str:
        """The name of the block that a line of the text comes from; empty where it is nobody's."""
        nodes = self.program.lines[line - 1] if 0 < line <= len(self.program.lines) else ()
        return path_name(self.flow, self.catalogue, nodes[0]) if nodes else ""


def certified(
    asked: ToCertify, report: CheckReport, rooms: tuple[Runner, Library | None], stop: Callable[[], bool] | None = None
) -> CheckReport:
    """The report with the certificate, or with what went wrong in the text when it was run.

    Of a text for another engine the strategy in it is run, as it stands there. One that cannot be compared fails:
    no test runs it before it is given away. What the checks refused is not run.
    """
    if not report.is_valid:
        return report
    try:
        found = certificate_of(asked, *rooms, stop)
    except StrategyFailed as failed:
        return replace(report, runtime_error=str(failed))
    if found is None:
        alone = asked.program.target in TARGETS
        return replace(report, runtime_error=f"{asked.subject} {NOT_COMPARED}") if alone else report
    return replace(report, certificate=found.sentence) if found.holds else replace(report, runtime_error=found.sentence)


def with_certificate(
    generated: Generated,
    flow: LogicFlow,
    catalogue: Catalogue,
    rooms: tuple[Runner, Library | None],
    stop: Callable[[], bool] | None = None,
) -> Generated:
    """What was generated with its certificate, where there is a text; without a library on made prices alone."""
    if generated.program is None or generated.report is None:
        return generated
    asked = ToCertify(generated.program, flow, catalogue)
    return replace(generated, report=certified(asked, generated.report, rooms, stop))


def advised(asked: ToCertify, library: Library) -> tuple[Problem, ...]:
    """Advice on the picture, and on what its conditions say on the newest prices of the library."""
    told = advice_on_picture(asked.flow, asked.catalogue)
    bars = min(MOST_ADVISED_BARS, ADVISED_BLOCK_BARS // max(1, len(asked.flow.nodes)))
    panel = _newest(library, asked.flow, bars) if bars > 2 * asked.program.warm_up else None
    if panel is None:
        return told
    with np.errstate(all="ignore"):
        found = interpret_panel(asked.flow, asked.catalogue, _as_interpreted(panel))
    return (*told, *advice_on_values(asked.flow, asked.catalogue, found, asked.program.warm_up))


class StrategyFailed(Exception):
    """The text failed when it was run; the message says where and how."""


def certificate_of(
    asked: ToCertify, runner: Runner, library: Library | None, stop: Callable[[], bool] | None = None
) -> Certificate | None:
    """Compare on newest bars of the library's prices, and on made ones with gaps; None where it could not be run.

    Raises StrategyFailed where a line of the text is to blame for that.
    """
    bars = min(MOST_BARS, max(FEWEST_BARS, BLOCK_BARS // max(1, len(asked.flow.nodes))))
    bars = max(bars, min(asked.program.warm_up + FEWEST_BARS, 2 * MOST_BARS))
    found = [
        certificate
        for panel in (_newest(library, asked.flow, bars), made_prices(bars))
        if panel is not None and (certificate := _on(panel, asked, runner, stop)) is not None
    ]
    if not found:
        return None
    return Certificate(
        sum(one.bars for one in found),
        max(one.symbols for one in found),
        sum(one.values for one in found),
        tuple(sentence for one in found for sentence in one.differences),
        asked.subject,
    )


def made_prices(bars: int) -> Panel:
    """Two random walks with ties, gaps and a late beginning: the same ones every time."""
    random = np.random.default_rng(SEED)
    shape = (bars, MOST_SYMBOLS)
    close = np.round(50 * np.exp(np.cumsum(random.normal(0, 0.02, shape), axis=0)), 1) + 1
    open_ = np.round(close * (1 + random.normal(0, 0.01, shape)), 1)
    high = np.maximum(open_, close) + np.round(np.abs(random.normal(0, 0.3, shape)), 1)
    low = np.maximum(np.minimum(open_, close) - np.round(np.abs(random.normal(0, 0.3, shape)), 1), 0.1)
    volume = np.round(random.uniform(1, 1e6, shape))
    gaps = random.random(shape) < GAPS
    gaps[: bars // 5, 1] = True
    fields = dict(zip(COLUMNS, (open_, high, low, close, volume), strict=True))
    for array in fields.values():
        array[gaps] = np.nan
    times = np.datetime64("2020-01-01", "ns") + np.arange(bars) * np.timedelta64(1, "D")
    keep = ~gaps.all(axis=1)
    return make_panel(("MADE_A", "MADE_B"), times[keep], {name: array[keep] for name, array in fields.items()})


def _newest(library: Library | None, flow: LogicFlow, bars: int) -> Panel | None:
    """The newest bars of a few symbols: those that blocks name, then the first ones; None for an empty library."""
    if library is None:
        return None
    known = list(dict.fromkeys(info.symbol for info in library.symbols()))
    named = {value for node in flow.nodes.values() for value in node.parameters.values() if isinstance(value, str)}
    symbols = sorted(known, key=lambda symbol: symbol not in named)[: max(MOST_SYMBOLS, len(named & set(known)))]
    if not symbols:
        return None
    try:
        panel = library.load(symbols)
    except PricesUnreadable:
        return None
    fields = {name: getattr(panel, name)[-bars:] for name in COLUMNS}
    return make_panel(panel.symbols, panel.times[-bars:], fields)


def _on(panel: Panel, asked: ToCertify, runner: Runner, stop: Callable[[], bool] | None) -> Certificate | None:
    source, target = asked.program.source, asked.program.target
    said = runner.signals(RunRequest(strategy_of(source, target), TestConfig(), panel), stop)
    if isinstance(said, RunFailure):
        if said.kind is FailureKind.STRATEGY_ERROR and said.line:
            block = asked.block_at(said.line)
            raise StrategyFailed(f"The block '{block}': {said.message}" if block else said.message)
        return None
    found = certify(asked.flow, asked.catalogue, _as_interpreted(panel), (said.rules, said.arrays))
    return replace(found, differences=(*found.differences, *never_read(source, target, said.rules)))


def _as_interpreted(panel: Panel) -> InterpretedPanel:
    """The prices as the interpreter takes them; the benchmark is the pool, as it is in a test that names none."""
    fields = {name: getattr(panel, name) for name in COLUMNS}
    seen = bars_from((panel.symbols, panel.times, tuple(fields.values())), panel.symbols, None, ())
    return replace(panel_of(panel.symbols, panel.times, fields), benchmark=benchmark_in(seen))
