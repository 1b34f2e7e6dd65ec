"""What was measured of the program itself: saves of drafts, cleanup jobs, slow statements."""

import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from builder_app.store import clock
from builder_app.store.models.base import (
    Base,
    id_column,
    json_column,
    new_id,
    not_negative,
    one_of,
    text_column,
    time_column,
    word_column,
)
from builder_app.store.vocabulary import MeasurementKind


class Measurement(Base):
    """One measurement. Those of the store itself (jobs, slow statements) belong to nobody."""

    __tablename__ = "measurements"

    id: Mapped[str] = id_column(primary_key=True, default=new_id)
    kind: Mapped[MeasurementKind] = word_column(MeasurementKind)
    name: Mapped[str] = text_column(100, default="")
    """Which job; of a slow statement the first letters of its SHA-256; else empty."""
    user_id: Mapped[str | None] = id_column(nullable=True)
    seconds: Mapped[float] = mapped_column()
    """How long it took; of several saves the longest."""
    detail: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    created_at: Mapped[datetime.datetime] = time_column(default=lambda: clock.now())

    __table_args__ = (
        one_of("kind", MeasurementKind),
        not_negative("seconds"),
        Index("ix_measurement_kind_created", "kind", "created_at", "id"),
        Index("ix_measurement_kind_name_created", "kind", "name", "created_at"),
        Index("ix_measurement_user_kind_created", "user_id", "kind", "created_at", "id"),
    )
