"""An exported folder for another engine: its file, the prices' reader, and the trades of the quick test to compare."""

from collections.abc import Mapping
from typing import Final

from builder_app import __version__
from builder_app.codegen.program import CheckReport, Program
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.assembly import concerns
from builder_app.codegen.targets.capability import RULES, Verdict
from builder_app.codegen.targets.uses import uses_of
from builder_app.flow.templates import Catalogue
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.market.library import Library
from builder_app.quicktest.request import RunResult
from builder_app.quicktest.runner import Runner
from builder_app.session.code.certifying import ToCertify, certified
from builder_app.session.code.export import Export, ExportRefused, exported_files
from builder_app.session.code.kept_code import MadeCode
from builder_app.session.code.targets import refusals, written_for

_NOT_EXPORTED: Final = "The strategy was not exported."
HEADING: Final = "symbol,direction,quantity,entry_time,entry_price,exit_time,exit_price"


def certified_for(target: str, export: Export, catalogue: Catalogue, rooms: tuple[Runner, Library | None]) -> MadeCode:
    """The text for another engine with its checks and a certificate of its own, or with what these found against it.

    Raises ExportRefused where the engine cannot say the strategy, or cannot keep its set-up.
    """
    generated = written_for(target, export.flow, catalogue, export.config)
    program, report = generated.program, generated.report
    if program is None or report is None:
        raise ExportRefused(f"{_NOT_EXPORTED} {' '.join(problem.message for problem in refusals(generated))}")
    found = certified(ToCertify(program, export.flow, catalogue), report, rooms)
    return MadeCode(export.flow, program, found, generated.seconds)


def check_certified(report: CheckReport) -> None:
    """Raise ExportRefused where the checks of a text found anything, or its certificate does not hold."""
    if not report.is_valid:
        raise ExportRefused(f"{_NOT_EXPORTED} {' '.join(report.failures)}")


def target_files(export: Export, program: Program) -> Mapping[str, str]:
    """The folder's files: relative path → text. `export` is the standalone one; `program` the engine's."""
    kept = {
        name: text
        for name, text in exported_files(export).items()
        if not name.startswith("engine/") and name != "expected.json"
    }
    target = TARGETS[program.target]
    requirements = [*target.requirements, *(["TA-Lib>=0.8"] if "talib" in program.imports else [])]
    return kept | {
        "strategy.py": program.source,
        "requirements.txt": "".join(f"{line}\n" for line in requirements),
        "expected_trades.csv": _trades(export.result),
        "README.md": _readme(export, program),
    }


def _trades(result: RunResult) -> str:
    """The quick test's round trips, in the form in which strategy.py prints its own."""
    rows = [HEADING]
    for trade in result.trades:
        side = "long" if trade.direction > 0 else "short"
        entry, leaves = str(result.times[trade.entry_bar]), str(result.times[trade.exit_bar])
        fills = f"{entry},{trade.entry_price!r},{leaves},{trade.exit_price!r}"
        rows.append(f"{trade.symbol},{side},{trade.quantity!r},{fills}")
    return "".join(f"{row}\n" for row in rows)


def _readme(export: Export, program: Program) -> str:
    target = TARGETS[program.target]
    uses = uses_of(list(zip(program.source.split("\n"), (*program.lines, ()), strict=True)))
    different = [rule for rule in RULES if concerns(rule, uses) and target.says[rule].verdict is Verdict.DIFFERS]
    how = target.how_to_run if export.prices_csv is not None else target.how_to_run.replace("prices.csv", "PRICES.csv")
    lines = [
        f"# {' '.join(export.flow.name.split()) or UNTITLED_STRATEGY}, for {target.title}",
        " ".join(export.explanation.split()),
        "",
        f"Install it: `python -m pip install -r requirements.txt` ({target.title}: {target.licence}).",
        f"Run it: {how}.",
        "`expected_trades.csv` lists the trades of the quick test on the same prices and set-up, to compare with.",
        "",
        f"Where {target.title} differs from the quick test:",
        "",
        *(f"- {RULES[rule].title}: {target.says[rule].because}." for rule in different),
        "",
        "`strategy.py` is the strategy, `flow.json` its picture, `config.json` the test set-up.",
        f"Made by Strategy Builder {__version__}; it need not be installed here.",
        "",
    ]
    return "\n".join(lines)
