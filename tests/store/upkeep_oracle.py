"""A plain reading of SCHEMA's rules of retention, over lists of plain values: no SQL, and no code of the store."""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

from builder_app.store import Store
from builder_app.store.vocabulary import InstanceStatus, MeasurementKind, ValidationStatus
from builder_app.store.vocabulary import TestStatus as Status
from tests.store import upkeep_rows
from tests.store.upkeep_rows import FLOW, NOW, OTHER_FLOW

SECOND: Final = datetime.timedelta(seconds=1)
EDGES: Final = tuple(
    span + nudge
    for span in (
        datetime.timedelta(minutes=10),
        datetime.timedelta(hours=24),
        datetime.timedelta(days=30),
        datetime.timedelta(days=90),
        datetime.timedelta(days=365),
    )
    for nudge in (-SECOND, 0 * SECOND, SECOND)
)
MINUTES_10, DAYS_30, DAYS_90, DAYS_365 = (
    datetime.timedelta(minutes=10),
    *(datetime.timedelta(days=days) for days in (30, 90, 365)),
)
AGES: Final = st.one_of(st.sampled_from(EDGES), st.timedeltas(0 * SECOND, datetime.timedelta(days=500)))
MAYBE_AGE: Final = st.none() | AGES


@dataclass(frozen=True)
class Strategy:
    """Ages are spans before NOW; `deleted` None: it is there."""

    is_archived: bool
    updated: datetime.timedelta
    deleted: datetime.timedelta | None


@dataclass(frozen=True)
class Test:
    """A quick test of the strategy at this place of the world's list."""

    __test__ = False  # pytest would collect it by its name

    strategy: int
    status: Status
    started: datetime.timedelta
    deleted: datetime.timedelta | None


@dataclass(frozen=True)
class Text:
    """A generated text."""

    strategy: int
    code: str
    status: ValidationStatus
    updated: datetime.timedelta
    deleted: datetime.timedelta | None


@dataclass(frozen=True)
class Session:
    """A session; `is_changed`: its draft is not what its strategy was saved as."""

    strategy: int | None
    is_active: bool
    activity: datetime.timedelta
    expires_in: datetime.timedelta
    offered: datetime.timedelta | None
    is_changed: bool
    steps: int
    snapshot: int
    deleted: datetime.timedelta | None


@dataclass
class World:
    """Everything that a store holds, and the ids under which it was written."""

    strategies: list[Strategy]
    tests: list[Test]
    texts: list[Text]
    sessions: list[Session]
    measurements: list[datetime.timedelta]
    ids: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """What should be left, and what each rule should have counted."""

    state: dict[str, Any]
    counts: dict[str, int]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Small stores whose rows lie on both sides of every limit."""
    many = draw(st.lists(st.builds(Strategy, st.booleans(), AGES, MAYBE_AGE), min_size=1, max_size=3))
    place = st.integers(0, len(many) - 1)
    texts = draw(
        st.lists(
            st.builds(Text, place, st.sampled_from("ab"), st.sampled_from(list(ValidationStatus)), AGES, MAYBE_AGE),
            max_size=5,
        )
    )
    there: set[tuple[int, str]] = set()
    allowed = []
    for text in texts:  # the database refuses a second one that is not deleted
        key = (text.strategy, text.code)
        if text.deleted is not None or key not in there:
            allowed.append(text)
            there |= {key} if text.deleted is None else set()
    sessions = st.builds(
        Session,
        st.none() | place,
        st.booleans(),
        AGES,
        AGES.map(lambda age: datetime.timedelta(hours=24) - age) | st.just(datetime.timedelta(hours=24)),
        MAYBE_AGE,
        st.booleans(),
        st.integers(0, 3),
        st.integers(0, 3),
        st.none() | AGES,
    )
    tests = st.builds(Test, place, st.sampled_from(list(Status)), AGES, MAYBE_AGE)
    return World(
        many,
        draw(st.lists(tests, max_size=5)),
        allowed,
        draw(st.lists(sessions, max_size=4)),
        draw(st.lists(AGES, max_size=3)),
    )


def at(age: datetime.timedelta | None) -> datetime.datetime | None:
    """The moment of an age."""
    return None if age is None else NOW - age


def write_world(store: Store, world: World) -> None:
    """Write it all; `world.ids` tells under which ids."""
    strategies = [
        upkeep_rows.strategy(
            store,
            status=InstanceStatus.ARCHIVED if one.is_archived else InstanceStatus.ACTIVE,
            updated_at=at(one.updated),
            deleted_at=at(one.deleted),
        )
        for one in world.strategies
    ]
    tests = [
        upkeep_rows.quick_test(
            store, strategies[one.strategy], status=one.status, started_at=at(one.started), deleted_at=at(one.deleted)
        )
        for one in world.tests
    ]
    texts = [
        upkeep_rows.generation(
            store,
            strategies[one.strategy],
            one.code,
            validation_status=one.status,
            created_at=at(one.updated),
            updated_at=at(one.updated),
            deleted_at=at(one.deleted),
        )
        for one in world.texts
    ]
    sessions = [_write_session(store, one, strategies) for one in world.sessions]
    measurements = [
        upkeep_rows.measurement(store, MeasurementKind.SLOW_QUERY, created_at=at(age)) for age in world.measurements
    ]
    world.ids = {"tests": tests, "texts": texts, "sessions": sessions, "measurements": measurements}


def _write_session(store: Store, one: Session, strategies: list[str]) -> str:
    id = upkeep_rows.session(
        store,
        None if one.strategy is None else strategies[one.strategy],
        is_active=one.is_active,
        last_activity_at=at(one.activity),
        expires_at=NOW + one.expires_in,
        offered_at=at(one.offered),
        draft_logic_flow=OTHER_FLOW if one.is_changed else FLOW,
        snapshot_sequence=one.snapshot,
        deleted_at=at(one.deleted),
    )
    upkeep_rows.steps(store, id, 1, one.steps)
    return id


def expected_after(world: World, now: datetime.datetime) -> Expected:
    """What the rules leave, as SCHEMA's table says it."""
    counts: Counter[str] = Counter()
    sessions, steps = _sessions(world, counts)
    state = {
        "sessions": sessions,
        "steps": sorted(steps),
        "tests": _tests(world, counts, now),
        "texts": _texts(world, counts),
        "measurements": {
            id
            for id, age in zip(world.ids["measurements"], world.measurements, strict=True)
            if not _adds(counts, "old_measurements", age >= DAYS_30)
        },
    }
    names = (
        *("lost_tests", "ended_sessions", "removed_sessions", "removed_steps", "purged_sessions", "purged_tests"),
        *("tests_of_deleted", "tests_of_archived", "failed_texts", "repeated_texts", "old_measurements"),
    )
    return Expected(state, {name: counts[name] for name in names})


def _adds(counts: Counter[str], name: str, is_so: bool) -> bool:
    counts[name] += is_so
    return is_so


def _sessions(world: World, counts: Counter[str]) -> tuple[dict[str, bool], list[tuple[str, int]]]:
    left, steps = {}, []
    for id, one in zip(world.ids["sessions"], world.sessions, strict=True):
        is_active, is_gone = one.is_active, False
        offered_long_ago = one.offered is not None and one.offered >= DAYS_30
        if one.deleted is None:
            stale = one.activity >= DAYS_30 and (one.offered is None or offered_long_ago)
            ends = is_active and (one.expires_in <= 0 * SECOND or stale)
            is_active = is_active and not _adds(counts, "ended_sessions", ends)
            waits_for_offer = _is_unsaved(world, one) and not offered_long_ago
            is_gone = not is_active and one.activity >= DAYS_30 and not waits_for_offer
            counts["removed_sessions"] += is_gone
        else:
            is_gone = not is_active and one.activity >= DAYS_30
        if _adds(counts, "purged_sessions", is_gone):
            counts["removed_steps"] += one.steps
        else:
            left[id] = is_active
            steps += [(id, sequence) for sequence in range(1, one.steps + 1)]
    return left, steps


def _is_unsaved(world: World, one: Session) -> bool:
    if one.strategy is None:
        return True
    if world.strategies[one.strategy].deleted is not None:
        return False
    return one.is_changed or one.steps > one.snapshot


def _tests(world: World, counts: Counter[str], now: datetime.datetime) -> dict[str, tuple[str, Any]]:
    left = {}
    for id, one in zip(world.ids["tests"], world.tests, strict=True):
        status, deleted = str(one.status), at(one.deleted)
        if one.deleted is None and one.status is Status.RUNNING:
            status = "FAILED" if _adds(counts, "lost_tests", one.started >= MINUTES_10) else status
        strategy = world.strategies[one.strategy]
        if strategy.deleted is not None:
            if _adds(counts, "purged_tests", strategy.deleted >= DAYS_90):
                continue
            if _adds(counts, "tests_of_deleted", deleted is None):
                deleted = at(strategy.deleted)
        elif (
            strategy.is_archived
            and strategy.updated >= DAYS_365
            and _adds(counts, "tests_of_archived", deleted is None)
        ):
            deleted = now
        left[id] = (status, deleted)
    return left


def _texts(world: World, counts: Counter[str]) -> set[str]:
    failed = {ValidationStatus.SYNTAX_ERROR, ValidationStatus.SECURITY_ERROR, ValidationStatus.RUNTIME_ERROR}
    kept: dict[tuple[int, str], list[tuple[bool, datetime.timedelta, str]]] = {}
    for id, one in zip(world.ids["texts"], world.texts, strict=True):
        if not _adds(counts, "failed_texts", one.status in failed and one.updated >= DAYS_90):
            kept.setdefault((one.strategy, one.code), []).append((one.deleted is None, -one.updated, id))
    left = set()
    for same in kept.values():
        best = max(same)
        left.add(best[2])
        counts["repeated_texts"] += len(same) - 1
    return left
