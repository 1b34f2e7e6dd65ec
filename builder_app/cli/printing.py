"""How results, problems and progress look on a terminal."""

import json
import math
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from builder_app.flow.problems import Problem
from builder_app.session import METRIC_DEFINITIONS, CheckReport, RunProgress, RunResult, shown_metric


def print_json(content: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))


def complain(*sentences: str) -> None:
    """Sentences for standard error."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)


def problem_line(problem: Problem) -> str:
    """One problem on one line."""
    where = f" [{problem.node}]" if problem.node else ""
    return f"{problem.severity.value}:{where} {problem.message} {problem.hint}".rstrip()


def problem_json(problem: Problem) -> dict[str, Any]:
    """One problem as JSON."""
    return {
        "severity": problem.severity.value,
        "rule": problem.rule,
        "node": problem.node,
        "port": problem.port,
        "message": problem.message,
        "hint": problem.hint,
    }


def metric_lines(result: RunResult) -> Iterable[str]:
    """A table of the metrics: title and figure."""
    width = max(len(definition.title) for definition in METRIC_DEFINITIONS)
    for definition in METRIC_DEFINITIONS:
        value = result.metrics.get(definition.name, math.nan)
        yield f"{definition.title:<{width}}  {shown_metric(definition.name, value):>16}"


def report_line(report: CheckReport) -> str:
    """The checks in one line."""
    return f"{report.status.value}, {report.line_count} lines, complexity {report.complexity_score}"


class ProgressLine:
    """One line on a terminal that moves; silent where standard error is a file or a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._width = 0

    def __call__(self, progress: RunProgress) -> None:
        """Show how far it is."""
        if self._shown:
            date = f"  {progress.date}" if progress.date else ""
            text = f"{progress.share * 100:3.0f} %  {progress.stage}{date}"
            print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown and self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def plain(mapping: Mapping[str, float]) -> dict[str, float | None]:
    """Numbers by name for JSON: one without a value is null."""
    return {name: value if math.isfinite(value) else None for name, value in mapping.items()}
