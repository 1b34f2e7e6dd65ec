"""Figures in words, row by row, as the Health page and `doctor` both show them."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from builder_app.session.care.health import Figures, JobFigure, Spread

NO_VALUE: Final = "–"
_SPACE: Final = "\N{NO-BREAK SPACE}"
_JOBS: Final = {"sessions": "Sessions cleaned up", "daily": "Daily cleanup"}
_LONGEST_STATEMENT: Final = 28


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: the group that it belongs to, what it is, its value as text, and what it means exactly."""

    group: str
    title: str
    value: str
    hint: str


def figure_rows(figures: Figures) -> tuple[FigureRow, ...]:
    """Every figure, group by group."""
    return (
        *_times(figures),
        *_rates(figures),
        *_uses(figures),
        *(_job(job, figures.at) for job in figures.jobs),
        *_slow(figures),
    )


def seconds_text(seconds: float | None) -> str:
    """A time with two or three digits that matter: "85 ms", "1.24 s", "3 min 5 s"."""
    if seconds is None:
        return NO_VALUE
    if seconds < 0.0995:
        return f"{seconds * 1000:.{1 if seconds < 0.00995 else 0}f}{_SPACE}ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f}{_SPACE}ms"
    if seconds < 60:
        return f"{seconds:.{2 if seconds < 9.995 else 1}f}{_SPACE}s"
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes:,}{_SPACE}min {left}{_SPACE}s"


def share_text(share: float | None) -> str:
    """A fraction in percent, to two places."""
    return NO_VALUE if share is None else f"{share * 100:.2f}{_SPACE}%"


def ago_text(at: datetime.datetime, now: datetime.datetime) -> str:
    """How long ago: "just now", "12 min ago", "3 h ago", "2 days ago"."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes}{_SPACE}min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60}{_SPACE}h ago"
    return f"{minutes // (24 * 60)}{_SPACE}days ago"


def _spread_text(spread: Spread) -> str:
    if not spread.count:
        return NO_VALUE
    return " · ".join(seconds_text(seconds) for seconds in (spread.p50, spread.p95, spread.p99))


def _spread_hint(spread: Spread, what: str) -> str:
    if not spread.count:
        return f"{what}: none in the last 30 days."
    percentiles = "half took no longer than the first time, 95 % than the second, 99 % than the third"
    return f"{what} ({spread.count:,}): {percentiles}."


def _times(figures: Figures) -> Iterator[FigureRow]:
    group = "Time: median · 95 % · 99 %"
    tests = _spread_hint(figures.quick_test_time, "Quick tests of the last 30 days")
    yield FigureRow(group, "Quick test", _spread_text(figures.quick_test_time), tests)
    saves = _spread_hint(figures.draft_save, "From an edit until it is on disk, last 30 days")
    yield FigureRow(group, "Draft save", _spread_text(figures.draft_save), saves)
    for name, spread in figures.generation_time.items():
        hint = _spread_hint(spread, f"Code of complexity {name}, generated in the last 30 days")
        yield FigureRow(group, f"Code, complexity {name}", _spread_text(spread), hint)


def _rates(figures: Figures) -> Iterator[FigureRow]:
    group = "Results"
    ended = figures.completed_tests + figures.failed_tests
    hint = f"{figures.completed_tests:,} of {ended:,} quick tests of the last 30 days ended well; cancelled ones aside."
    yield FigureRow(group, "Tests that ended well", share_text(figures.success_rate), hint)
    checked = sum(figures.validation.values())
    hint = f"Of {checked:,} texts generated in the last 7 days."
    yield FigureRow(group, "Code that failed its checks", share_text(figures.failed_share), hint)
    for status, count in sorted(figures.validation.items()):
        if status.name.endswith("_ERROR"):
            title = status.value.replace("_", " ").capitalize()
            yield FigureRow(group, title, f"{count:,}", f"Texts with a {title.lower()} in the last 7 days.")


def _uses(figures: Figures) -> Iterator[FigureRow]:
    sessions = sum(count for _, count in figures.active_sessions)
    users = len(figures.active_sessions)
    hint = "Open drafts, and those left less than a day ago." + (f" They are of {users:,} users." if users > 1 else "")
    yield FigureRow("Use", "Active sessions", f"{sessions:,}", hint)
    if users > 1:
        for user, count in figures.active_sessions:
            yield FigureRow("Use", f"of {user}", f"{count:,}", "Active sessions of this user.")
    for name, count in figures.most_used_templates:
        yield FigureRow("Use", name, f"{count:,}", "How often this template was used.")


def _job(job: JobFigure, now: datetime.datetime) -> FigureRow:
    rows = "1 row" if job.rows == 1 else f"{job.rows:,} rows"
    lock = f", others waited no longer than {seconds_text(job.longest_lock)}" if job.longest_lock else ""
    hint = f"{job.at:%Y-%m-%d %H:%M} UTC: {rows} in {seconds_text(job.seconds)}{lock}."
    value = f"{ago_text(job.at, now)} · {seconds_text(job.seconds)}"
    return FigureRow("Cleanups", _JOBS.get(job.name, job.name), value, hint)


def _slow(figures: Figures) -> Iterator[FigureRow]:
    group = "Slow queries"
    if not figures.slow_queries:
        yield FigureRow(group, "Over 100 ms", "none", "No statement took over 100 ms in the last 7 days.")
    for slow in figures.slow_queries:
        statement = " ".join(slow.statement.split())
        is_short = len(statement) <= _LONGEST_STATEMENT
        title = statement if is_short else statement[: _LONGEST_STATEMENT - 1] + "…"
        times = "once" if slow.times == 1 else f"{slow.times:,} times"
        plan = "\n".join(slow.plan) or "It has no plan."
        yield FigureRow(group, title, f"{seconds_text(slow.seconds)} · {times}", f"{statement}\n\n{plan}")
