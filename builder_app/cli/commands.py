"""What each command does. Trouble that is expected is printed as sentences, and the exit code is 1."""

from argparse import Namespace
from pathlib import Path

from builder_app.cli.printing import (
    ProgressLine,
    complain,
    metric_lines,
    plain,
    print_json,
    problem_json,
    problem_line,
    report_line,
)
from builder_app.cli.rooms import TerminalRooms
from builder_app.flow.values import LogicFlow
from builder_app.session import FlowUnreadable, RunFailure, TestConfig
from builder_app.session.config_codec import ConfigUnreadable, config_to_json
from builder_app.session.export import Export, ExportRefused, exported_files, write_folder
from builder_app.session.files import write_whole
from builder_app.session.generating import Generated, generate, with_lint
from builder_app.session.one_run import Tested, load_panel, read_config, read_flow, test_flow
from builder_app.session.saved import find_saved_flow

DONE, PROBLEMS = 0, 1


def run_command(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Do what was asked for; the exit code."""
    commands = {"run": run, "generate": generate_code, "export": export, "data": data}
    try:
        return commands[chosen.command](chosen, rooms)
    except FlowUnreadable as reason:
        complain(*(problem_line(problem) for problem in reason.problems))
    except ConfigUnreadable as reason:
        complain(*reason.problems)
    except FileNotFoundError as reason:
        complain(f"There is no file '{reason.filename}'. Look at its name and folder.")
    except OSError as reason:
        complain(f"'{reason.filename}' could not be read or written: {reason.strerror}.")
    except ValueError as reason:
        complain(str(reason))
    return PROBLEMS


def run(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Compile, check and test a flow; print the metrics."""
    flow, config = read_flow(chosen.flow, rooms.examples), read_config(chosen.config)
    tested = _test(flow, config, rooms, chosen.prices)
    if chosen.json:
        print_json(_tested_json(tested))
        return _exit_code(tested)
    _complain_of(tested)
    if tested.outcome is None or isinstance(tested.outcome, RunFailure):
        return PROBLEMS
    result = tested.outcome
    first, last = (str(result.times[index])[:10] for index in (0, -1))
    print(f"{flow.name or chosen.flow.name}: {' '.join(result.symbols)}, {first} to {last}\n")
    for line in metric_lines(result):
        print(line)
    for note in result.notes:
        print(f"\n{note}", end="")
    print(f"\n\ncode {result.code_hash[:12]}  prices {result.data_fingerprint[:12]}")
    return DONE


def generate_code(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Write strategy.py into a folder, and say what the checks found."""
    flow = read_flow(chosen.flow, rooms.examples)
    generated = with_lint(generate(flow, rooms.catalogue()))
    if not chosen.json:
        complain(*(problem_line(problem) for problem in generated.problems))
    if generated.program is None or generated.report is None:
        if chosen.json:
            print_json({"problems": [problem_json(problem) for problem in generated.problems]})
        return PROBLEMS
    path = chosen.output / "strategy.py"
    chosen.output.mkdir(parents=True, exist_ok=True)
    write_whole(path, generated.program.source)
    if chosen.json:
        print_json(_generated_json(generated) | {"file": str(path)})
    else:
        print(f"{path}: {report_line(generated.report)}, SHA-256 {generated.program.sha256}")
    return DONE


def export(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Test a strategy and write the folder that runs anywhere."""
    flow, config = _named_flow(chosen.strategy, rooms), read_config(chosen.config)
    tested = _test(flow, config, rooms, None)
    _complain_of(tested)
    program = tested.generated.program
    if program is None or tested.outcome is None or isinstance(tested.outcome, RunFailure):
        return PROBLEMS
    result = tested.outcome
    prices = None if chosen.without_prices else rooms.library().csv_text(result.symbols)
    try:
        write_folder(chosen.output, exported_files(Export(flow, program, config, result, prices)))
    except ExportRefused as reason:
        complain(str(reason))
        return PROBLEMS
    print(f"'{flow.name}' was written to {chosen.output}. Run it there: python strategy.py prices.csv")
    return DONE


def data(chosen: Namespace, rooms: TerminalRooms) -> int:
    """The library of prices: import, list, sample."""
    library = rooms.library()
    if chosen.action == "import":
        report = library.import_csv(tuple(chosen.files))
        complain(*report.remarks)
        print(f"Imported {', '.join(report.symbols)}.")
        return DONE
    if chosen.action == "sample":
        library.install_sample(rooms.sample)
    symbols = library.symbols()
    if getattr(chosen, "json", False):
        print_json(
            [
                {
                    "symbol": info.symbol,
                    "bars": info.bars,
                    "frequency": info.frequency,
                    "start": str(info.start),
                    "end": str(info.end),
                    "source": info.source,
                    "fingerprint": info.fingerprint,
                }
                for info in symbols
            ]
        )
        return DONE
    for info in symbols:
        print(f"{info.symbol:<10} {info.frequency:<8} {info.start} to {info.end} {info.bars:>8,} bars  {info.source}")
    if not symbols:
        print("The library is empty. Fill it: strategy-builder data import PRICES.csv, or data sample.")
    return DONE


def _test(flow: LogicFlow, config: TestConfig, rooms: TerminalRooms, files: list[Path] | None) -> Tested:
    progress = ProgressLine()
    try:
        return test_flow(
            flow, config, rooms.catalogue(), lambda asked: load_panel(asked, rooms.library, files), progress
        )
    finally:
        progress.clear()


def _named_flow(name: str, rooms: TerminalRooms) -> LogicFlow:
    path = Path(name)
    if path.exists() or path.suffix == ".json" or (rooms.examples / f"{name}.flow.json").exists():
        return read_flow(path, rooms.examples)
    return find_saved_flow(rooms.store(), name)


def _complain_of(tested: Tested) -> None:
    complain(*(problem_line(problem) for problem in tested.generated.problems))
    if isinstance(tested.outcome, RunFailure):
        complain(tested.outcome.message)


def _exit_code(tested: Tested) -> int:
    return PROBLEMS if tested.outcome is None or isinstance(tested.outcome, RunFailure) else DONE


def _generated_json(generated: Generated) -> dict[str, object]:
    program, report = generated.program, generated.report
    return {
        "problems": [problem_json(problem) for problem in generated.problems],
        "code_hash": program.sha256 if program else None,
        "flow_hash": program.flow_hash if program else None,
        "status": report.status.value if report else None,
        "line_count": report.line_count if report else None,
        "complexity_score": report.complexity_score if report else None,
    }


def _tested_json(tested: Tested) -> dict[str, object]:
    content = _generated_json(tested.generated) | {
        "strategy": tested.flow.name,
        "config": config_to_json(tested.config),
    }
    match tested.outcome:
        case None:
            return content
        case RunFailure() as failure:
            return content | {"failure": {"kind": failure.kind.value, "message": failure.message, "line": failure.line}}
        case result:
            return content | {
                "metrics": plain(result.metrics),
                "trades": len(result.trades),
                "symbols": list(result.symbols),
                "data_fingerprint": result.data_fingerprint,
                "notes": list(result.notes),
                "seconds": result.seconds,
            }
