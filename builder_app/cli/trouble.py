"""Trouble that is expected, as Problems: each a whole sentence that says what, where, and what to do."""

from collections.abc import Iterable
from typing import Any, Final

from builder_app.cli.terminal import complain, print_json
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.wording import harmless
from builder_app.session import CheckReport, FlowUnreadable, RunFailure
from builder_app.session.code.export import ExportRefused
from builder_app.session.disk_trouble import disk_sentence
from builder_app.session.drafts.copies import CopyRefused
from builder_app.session.runs.config_codec import ConfigUnreadable
from builder_app.session.runs.one_run import PricesUnreadable
from builder_app.session.shelf.saved import StrategyUnavailable

EXPECTED: Final = (
    FlowUnreadable,
    ConfigUnreadable,
    PricesUnreadable,
    ExportRefused,
    StrategyUnavailable,
    CopyRefused,
    OSError,
)
"""What a command may raise because of the strategist's files, prices or disk. Everything else is a fault of ours."""


def troubles(reason: Exception) -> tuple[Problem, ...]:
    """What one of the EXPECTED says, as problems."""
    match reason:
        case FlowUnreadable():
            return reason.problems
        case ConfigUnreadable():
            return tuple(_error("config", sentence) for sentence in reason.problems)
        case PricesUnreadable():
            return tuple(_error("prices", sentence) for sentence in reason.problems)
        case ExportRefused():
            return (_error("export", str(reason)),)
        case StrategyUnavailable():
            return (_error("strategy", str(reason)),)
        case CopyRefused():
            return (_error("store", str(reason)),)
        case OSError():
            return (_error("disk", disk_sentence(reason)),)
        case _:
            raise AssertionError(f"{type(reason).__name__} is not expected") from reason


def failure_problem(failure: RunFailure) -> Problem:
    """A test that gave no result, as a problem."""
    where = f" (line {failure.line} of the code)" if failure.line else ""
    return _error(failure.kind.value, failure.message + where)


def check_problems(report: CheckReport) -> tuple[Problem, ...]:
    """What the checks of the code refuse."""
    return tuple(_error(report.status.value.lower(), sentence) for sentence in report.failures)


def tell(problems: Iterable[Problem], subject: str = "") -> None:
    """The problems on standard error, a line each."""
    complain(*(problem_line(problem, subject) for problem in problems))


def refuse(problems: Iterable[Problem], *, as_json: bool, subject: str = "") -> None:
    """Say why there is no answer: on standard error, or as the one JSON document on standard output."""
    if as_json:
        print_json({"problems": [problem_json(problem) for problem in problems]})
    else:
        tell(problems, subject)


def problem_line(problem: Problem, subject: str = "") -> str:
    """One problem on one line: the file or strategy, how bad it is, the block, what is wrong, what to do."""
    file = f"{subject}: " if subject else ""
    where = f" [{problem.node}]" if problem.node else ""
    return harmless(f"{file}{problem.severity.value}:{where} {problem.message} {problem.hint}".rstrip())


def problem_json(problem: Problem) -> dict[str, Any]:
    """One problem as JSON."""
    return {
        "severity": problem.severity.value,
        "rule": problem.rule,
        "node": problem.node,
        "port": problem.port,
        "parameter": problem.parameter,
        "message": problem.message,
        "hint": problem.hint,
    }


def _error(rule: str, sentence: str) -> Problem:
    return Problem(Severity.ERROR, rule, sentence)
