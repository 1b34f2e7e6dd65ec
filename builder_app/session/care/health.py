"""How the program is: figures and alarms as values, for the Health page and for `doctor`."""

import datetime
from dataclasses import dataclass

from builder_app.store import Store
from builder_app.store.alarms import Alarm, read_alarms
from builder_app.store.figures import Figures, JobFigure, Point, SlowQuery, Spread, read_figures
from builder_app.store.vocabulary import ValidationStatus

__all__ = [
    "Alarm",
    "Figures",
    "Health",
    "JobFigure",
    "Point",
    "SlowQuery",
    "Spread",
    "ValidationStatus",
    "read_health",
]


@dataclass(frozen=True, slots=True, eq=False)
class Health:
    """Figures at one moment, and every alarm then."""

    figures: Figures
    alarms: tuple[Alarm, ...]


def read_health(store: Store, now: datetime.datetime) -> Health:
    """The health of the store, for whoever it is open for. Raises StoreError where it cannot be read."""
    figures = read_figures(store.connections, store.principal, now)
    return Health(figures, read_alarms(store.connections, store.principal, figures))
