"""What is measured of the program itself: how long saves and jobs took, and which statements were slow."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, insert, select

from builder_app.store import clock
from builder_app.store.connections import Connections
from builder_app.store.models import Measurement
from builder_app.store.models.base import new_id
from builder_app.store.slow_queries import plan
from builder_app.store.vocabulary import MeasurementKind

LONGEST_STATEMENT: Final = 4_000
"""Letters of a slow statement that are kept."""


@dataclass(frozen=True, slots=True)
class NewMeasurement:
    """One measurement; `user_id` is None for one of the store itself."""

    kind: MeasurementKind
    seconds: float
    name: str = ""
    user_id: str | None = None
    detail: Mapping[str, Any] | None = None
    at: datetime.datetime | None = None
    """When; None: now."""


def record(connections: Connections, measurements: Sequence[NewMeasurement]) -> None:
    """Keep these measurements, in one transaction."""
    rows = [
        {
            "id": new_id(),
            "kind": one.kind,
            "name": one.name,
            "user_id": one.user_id,
            "seconds": one.seconds,
            "detail": None if one.detail is None else dict(one.detail),
            "created_at": one.at or clock.now(),
        }
        for one in measurements
    ]
    if rows:
        with connections.writing_for_all() as connection:
            connection.execute(insert(Measurement), rows)


def record_slow_queries(connections: Connections) -> int:
    """Keep the slow statements that were noted since the last call, each with its plan; how many there were."""
    slow = connections.slow_queries.take()
    if not slow:
        return 0
    with connections.reading_for_all() as connection:
        plans = [plan(connection, one) for one in slow]
    record(
        connections,
        [
            NewMeasurement(
                MeasurementKind.SLOW_QUERY,
                one.seconds,
                one.name,
                detail={"statement": one.statement[:LONGEST_STATEMENT], "plan": list(lines), "times": one.times},
            )
            for one, lines in zip(slow, plans, strict=True)
        ],
    )
    return len(slow)


def last_runs(connections: Connections, now: datetime.datetime) -> dict[str, datetime.datetime]:
    """When each job last ran to its end, by the job's name, whichever program ran it.

    What is dated after `now` was written while a clock went wrong, and does not count.
    """
    model = Measurement
    statement = (
        select(model.name, func.max(model.created_at))
        .where(model.kind == MeasurementKind.JOB, model.created_at <= now)
        .group_by(model.name)
    )
    with connections.reading_for_all() as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}
