"""`maintain` and `doctor`: the store cleaned up as the window does it, and how it is."""

from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from builder_app.cli.rooms import TerminalRooms
from builder_app.cli.terminal import complain, print_json
from builder_app.cli.trouble import problem_json, refuse, tell
from builder_app.flow.problems import Problem, Severity

if TYPE_CHECKING:
    from builder_app.session.care.health import Alarm, Figures, Spread
    from builder_app.session.care.upkeep import CleanUp, Examination

DONE, PROBLEMS = 0, 1


def maintain(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Run the rules of retention, or say what they would do."""
    from builder_app.session.care.upkeep import UpkeepRefused, clean_up  # here, because SQL takes half a second to load

    try:
        done = clean_up(rooms.store, rooms.library_as_it_is, dry_run=chosen.dry_run)
    except UpkeepRefused as reason:
        return _refused(reason, as_json=chosen.json)
    if chosen.json:
        print_json(_clean_up_json(done))
        return DONE
    complain(*done.notices)
    for line in _clean_up_lines(done):
        print(line)
    return DONE


def doctor(chosen: Namespace, rooms: TerminalRooms) -> int:
    """Print figures and alarms; the exit code says whether there are alarms."""
    from builder_app.session.care.upkeep import UpkeepRefused, examine

    try:
        found = examine(rooms.store)
    except UpkeepRefused as reason:
        return _refused(reason, as_json=chosen.json)
    alarms = [_problem(alarm) for alarm in found.health.alarms]
    if chosen.json:
        print_json(_examination_json(found) | {"problems": [problem_json(alarm) for alarm in alarms]})
    else:
        complain(*found.notices)
        tell(alarms)
        for line in _figure_lines(found):
            print(line)
    return PROBLEMS if alarms else DONE


def _refused(reason: Exception, *, as_json: bool) -> int:
    refuse([Problem(Severity.ERROR, "store", str(reason))], as_json=as_json)
    return PROBLEMS


def _problem(alarm: "Alarm") -> Problem:
    return Problem(Severity.WARNING, alarm.rule, alarm.message, hint=alarm.hint)


def _clean_up_lines(done: "CleanUp") -> Iterable[str]:
    rows = [(outcome.rule.title, outcome.rows) for job in done.outcomes for outcome in job.outcomes]
    rows.append(("Removed prices deleted long ago, for good", done.prices_removed))
    width = max(len(title) for title, _ in rows)
    yield f"{done.store}: {'this would be done' if done.was_dry else 'done'}\n"
    for title, count in rows:
        yield f"{title:<{width}}  {count:>9,}"
    if done.drafts_waiting:
        drafts = "1 unsaved draft is" if done.drafts_waiting == 1 else f"{done.drafts_waiting:,} unsaved drafts are"
        yield f"\n{drafts} kept: the window offers what was left behind before anything is removed."
    if not done.was_dry:
        longest = max(job.longest_lock for job in done.outcomes)
        seconds = sum(job.seconds for job in done.outcomes)
        waited = f"; others waited no longer than {longest * 1000:.0f} ms at a time" if longest else ""
        yield f"\n{seconds:.2f} s{waited}."


def _clean_up_json(done: "CleanUp") -> dict[str, Any]:
    return {
        "problems": [],
        "store": done.store,
        "notices": list(done.notices),
        "dry_run": done.was_dry,
        "drafts_waiting": done.drafts_waiting,
        "prices_removed": done.prices_removed,
        "jobs": [
            {
                "job": job.job.value,
                "seconds": job.seconds,
                "longest_lock_seconds": job.longest_lock,
                "rules": [
                    {
                        "rule": outcome.rule.name,
                        "table": outcome.rule.model.__tablename__,
                        "title": outcome.rule.title,
                        "rows": outcome.rows,
                    }
                    for outcome in job.outcomes
                ],
            }
            for job in done.outcomes
        ],
    }


def _figure_lines(found: "Examination") -> Iterable[str]:
    from builder_app.session.care.health_rows import figure_rows

    rows = figure_rows(found.health.figures)
    width = max(len(row.title) for row in rows)
    yield found.store
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            yield f"\n{group}"
        yield f"  {row.title:<{width}}  {row.value:>16}"
    if not found.health.alarms:
        yield "\nNo alarms."


def _examination_json(found: "Examination") -> dict[str, Any]:
    return {
        "problems": [],
        "store": found.store,
        "notices": list(found.notices),
        "figures": _figures_json(found.health.figures),
        "alarms": [{"rule": alarm.rule, "message": alarm.message, "hint": alarm.hint} for alarm in found.health.alarms],
    }


def _figures_json(figures: "Figures") -> dict[str, Any]:
    return {
        "at": figures.at.isoformat(),
        "quick_test_seconds": _spread_json(figures.quick_test_time),
        "draft_save_seconds": _spread_json(figures.draft_save),
        "generation_seconds_by_complexity": {
            name: _spread_json(spread) for name, spread in figures.generation_time.items()
        },
        "completed_tests": figures.completed_tests,
        "failed_tests": figures.failed_tests,
        "test_success_rate": figures.success_rate,
        "validation": {status.value: count for status, count in figures.validation.items()},
        "failed_validation_share": figures.failed_share,
        "active_sessions_by_user": dict(figures.active_sessions),
        "most_used_templates": [{"name": name, "uses": uses} for name, uses in figures.most_used_templates],
        "jobs": [
            {"job": job.name, "at": job.at.isoformat(), "seconds": job.seconds, "rows": job.rows}
            for job in figures.jobs
        ],
        "slow_queries": [
            {
                "statement": slow.statement,
                "seconds": slow.seconds,
                "times": slow.times,
                "plan": list(slow.plan),
                "at": slow.at.isoformat(),
            }
            for slow in figures.slow_queries
        ],
    }


def _spread_json(spread: "Spread") -> dict[str, Any]:
    return {"count": spread.count, "p50": spread.p50, "p95": spread.p95, "p99": spread.p99}
