"""What each command on a strategy does. Expected trouble is told in sentences, and the exit code is then 1."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from builder_app.cli.answers import generated_json, report_line, some_of, tested_json, trades_json
from builder_app.cli.arguments import STANDALONE
from builder_app.cli.data_commands import data
from builder_app.cli.maintain import doctor, maintain
from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.store_commands import backup, restore
from builder_app.cli.strategies import strategies
from builder_app.cli.terminal import ProgressLine, print_json
from builder_app.cli.trouble import EXPECTED, check_problems, failure_problem, refuse, tell, troubles
from builder_app.flow.explaining import explain
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.wording import harmless
from builder_app.session import FlowUnreadable, RunFailure, RunResult, TestConfig, ValidationStatus, metric_lines
from builder_app.session.code.export import (
    Export,
    ExportRefused,
    check_folder,
    exported_files,
    price_symbols,
    write_folder,
)
from builder_app.session.runs.one_run import (
    Tested,
    load_panel,
    prices_text,
    read_config,
    read_flow,
    test_flow,
    with_groups,
)
from builder_app.session.shelf.saved import NoSuchStrategy, SavedFlow, StrategyUnavailable, find_saved_flow
from builder_app.session.whole_files import write_whole

if TYPE_CHECKING:
    from builder_app.session.rooms import Library, Runner

    Worker = tuple[Runner, Library | None]

DONE, PROBLEMS = 0, 1
OURS = "Written by Strategy Builder"
"""Stands in the first lines of every generated file."""


def run_command(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Do what was asked for; the exit code."""
    commands = {
        "run": run,
        "generate": generate_code,
        "export": export,
        "data": data,
        "backup": backup,
        "strategies": strategies,
        "restore": restore,
        "maintain": maintain,
        "doctor": doctor,
    }
    try:
        return commands[chosen.command](chosen, rooms)
    except BrokenPipeError:
        raise
    except EXPECTED as reason:
        subject = _subject(chosen) if isinstance(reason, FlowUnreadable) else ""  # others name their file themselves
        refuse(troubles(reason), as_json=chosen.json, subject=subject)
        return PROBLEMS


def run(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Compile, check and test a flow; print the metrics."""
    found, config = _flow_to_run(chosen.flow, rooms), read_config(chosen.config)
    tested, flow = _test(found, config, rooms, chosen.prices), found.flow
    result = tested.outcome if isinstance(tested.outcome, RunResult) else None
    if chosen.json:
        trades = {"trade_list": trades_json(result)} if chosen.trades and result is not None else {}
        print_json(tested_json(tested) | trades)
        return PROBLEMS if result is None else DONE
    _tell_of(tested, _subject(chosen))
    if result is None:
        return PROBLEMS
    first, last = (str(result.times[index])[:10] for index in (0, -1))
    name = harmless(flow.name or chosen.flow.name)
    print(f"{name}: {some_of(result.symbols, ' ')}, {first} to {last}\n")
    for line in metric_lines(result.metrics, (result.lower, result.upper)):
        print(line)
    notes = (*tested.remarks, *result.notes)
    print("", *map(harmless, notes), *([""] if notes else []), sep="\n")
    print(f"code {result.code_hash[:12]}  prices {result.data_fingerprint[:12]}")
    return DONE


def generate_code(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Write strategy.py into a folder, and say what the checks found."""
    from builder_app.session.code.certifying import with_certificate
    from builder_app.session.code.generating import generate, with_lint

    flow = read_flow(chosen.flow, rooms.examples)
    catalogue = rooms.catalogue()
    generated = with_lint(generate(flow, catalogue, chosen.target))
    if generated.program is not None:
        with _worker(rooms.library) as worker:
            generated = with_certificate(generated, flow, catalogue, worker)
    program, report = generated.program, generated.report
    if not chosen.json:
        tell((*generated.problems, *(check_problems(report) if report else ())), _subject(chosen))
    if program is None or report is None or report.status is not ValidationStatus.VALID:
        if chosen.json:
            print_json(generated_json(generated) | {"file": None})
        return PROBLEMS
    path = chosen.output / "strategy.py"
    chosen.output.mkdir(parents=True, exist_ok=True)
    _check_is_ours(path)
    write_whole(path, program.source)
    if chosen.json:
        print_json(generated_json(generated) | {"file": str(path)})
    else:
        print(f"{path}: {report_line(report)}\nSHA-256 {program.sha256}", *filter(None, [report.certificate]), sep="\n")
    return DONE


def export(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Test a strategy and write the folder that runs anywhere."""
    check_folder(chosen.output)
    found, config = _named_flow(chosen.strategy, rooms), read_config(chosen.config)
    tested = _test(found, config, rooms, chosen.prices)
    catalogue = _blocks(found, rooms)[0]
    if isinstance(tested.outcome, RunResult):
        with _worker(None if chosen.prices else rooms.library) as worker:
            return _export_tested(tested, catalogue, chosen, (rooms, worker))
    if chosen.json:
        print_json(tested_json(tested) | {"folder": None})
    else:
        _tell_of(tested, _subject(chosen))
    return PROBLEMS


def _export_tested(
    tested: Tested, catalogue: Catalogue, chosen: Namespace, rooms: tuple[TerminalRooms, "Worker"]
) -> int:
    """Certify the text that was tested, and write its folder or another engine's; the exit code."""
    from builder_app.session.code.certifying import with_certificate

    terminal, worker = rooms
    tested = replace(tested, generated=with_certificate(tested.generated, tested.flow, catalogue, worker))
    program, report, result, config = tested.generated.program, tested.generated.report, tested.outcome, tested.config
    if not chosen.json:
        _tell_of(tested, _subject(chosen))
    if program is None or report is None or not report.is_valid or not isinstance(result, RunResult):
        if chosen.json:
            print_json(tested_json(tested) | {"folder": None})
        return PROBLEMS
    given = (price_symbols(config, result, program), terminal.library, chosen.prices, config.frequency)
    prices = None if chosen.without_prices else prices_text(*given)
    whole = Export(tested.flow, program, config, result, prices, explain(tested.flow, catalogue).text)
    files, certificate = _files_for(chosen.target, whole, catalogue, worker)
    certificate = certificate or report.certificate
    write_folder(chosen.output, files)
    if chosen.json:
        print_json(tested_json(tested) | {"folder": str(chosen.output), "certificate": certificate or None})
        return DONE
    if certificate:
        print(certificate)
    how = f"Run it there: python strategy.py {'PRICES.csv' if prices is None else 'prices.csv'}"
    if chosen.target != STANDALONE:
        how = "README.md there says how to run it."
    print(f"'{harmless(tested.flow.name)}' was written to {chosen.output}. {how}")
    return DONE


def _files_for(target: str, whole: Export, catalogue: Catalogue, worker: "Worker") -> tuple[Mapping[str, str], str]:
    """The folder's files for this engine, and the certificate of a text that was not tested itself.

    Raises ExportRefused with what the engine refuses, or with what the text fails at.
    """
    from builder_app.session.code.target_export import certified_for, check_certified, target_files

    if target == STANDALONE:
        return exported_files(whole), ""
    made = certified_for(target, whole, catalogue, worker)
    check_certified(made.report)
    return target_files(whole, made.program), made.report.certificate


@contextmanager
def _worker(library: "Callable[[], Library] | None") -> Iterator["Worker"]:
    """What a certificate needs: a process to run the text in, and prices; without a library made ones are enough."""
    from builder_app.session.rooms import Runner

    with Runner() as runner:
        yield runner, None if library is None else library()


def _test(found: SavedFlow, config: TestConfig, rooms: TerminalRooms, files: list[Path] | None) -> Tested:
    """Test the flow with the blocks that users made for it; those that may not be used are among the problems."""
    left_out: list[Problem] = []

    def catalogue() -> Catalogue:
        known, sentences = _blocks(found, rooms)
        left_out.extend(Problem(Severity.WARNING, "user-block", sentence) for sentence in sentences)
        return known

    if config.stock_pool and not files:
        config = with_groups(config, rooms.library())
    with ProgressLine() as progress:
        prices = partial(load_panel, library=rooms.library, files=files)
        tested = test_flow(found.flow, config, catalogue, prices, progress)
    problems = (*left_out, *tested.generated.problems)
    return replace(tested, generated=replace(tested.generated, problems=problems)) if left_out else tested


def _blocks(found: SavedFlow, rooms: TerminalRooms) -> tuple[Catalogue, tuple[str, ...]]:
    """The program's blocks with those that users made for the strategy, and why some of these may not be used."""
    if not found.blocks:
        return rooms.catalogue(), ()
    from builder_app.session.blocks.user_blocks import with_user_blocks

    blocks = with_user_blocks(rooms.catalogue(), found.blocks)
    return blocks.catalogue, blocks.left_out


def _flow_to_run(path: Path, rooms: TerminalRooms) -> SavedFlow:
    """The file, the ready-made or the saved strategy of this name; the store is opened for the last one only."""
    try:
        return SavedFlow(read_flow(path, rooms.examples))
    except StrategyUnavailable as no_other:
        if rooms.store_file is not None and not rooms.store_file.exists():
            raise
        try:
            return find_saved_flow(rooms.store, path.name)
        except NoSuchStrategy as no_saved:
            raise StrategyUnavailable(f"{no_other} {no_saved}") from no_saved


def _named_flow(name: str, rooms: TerminalRooms) -> SavedFlow:
    path = Path(name)
    if path.exists() or path.suffix == ".json" or (rooms.examples / f"{name}.flow.json").exists():
        return SavedFlow(read_flow(path, rooms.examples))
    return find_saved_flow(rooms.store, name)


def _tell_of(tested: Tested, subject: str) -> None:
    report = tested.generated.report
    tell((*tested.generated.problems, *(check_problems(report) if report else ())), subject)
    if isinstance(tested.outcome, RunFailure):
        tell((failure_problem(tested.outcome),), subject)


def _subject(chosen: Namespace) -> str:
    """What a problem of the flow is a problem of, as it was named on the command line."""
    return str(getattr(chosen, "flow", None) or getattr(chosen, "strategy", ""))


def _check_is_ours(path: Path) -> None:
    """Raise ExportRefused where a file that this program did not write would be lost."""
    if path.exists() and OURS not in path.read_text(encoding="utf-8", errors="replace")[:5_000]:
        raise ExportRefused(f"'{path}' was not written by Strategy Builder; move it away, or name another folder.")
