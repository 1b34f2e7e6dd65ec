"""Rows for the tests of retention and figures, written past the repositories so that they may be of any age."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, insert, select

from builder_app.store import Store
from builder_app.store.models import (
    Base,
    BuilderSession,
    CodeGeneration,
    Measurement,
    QuickTest,
    SessionEdit,
    StrategyInstance,
)
from builder_app.store.models.base import new_id
from builder_app.store.vocabulary import EditKind, MeasurementKind, ValidationStatus
from builder_app.store.vocabulary import TestStatus as Status
from tests.store.places import OWNER

NOW: Final = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
FLOW: Final = {"nodes": [{"id": "a"}]}
OTHER_FLOW: Final = {"nodes": [{"id": "b"}]}
EMPTIED: Final = (SessionEdit, BuilderSession, QuickTest, CodeGeneration, StrategyInstance, Measurement)


def ago(**span: float) -> datetime.datetime:
    """So long before NOW."""
    return NOW - datetime.timedelta(**span)


def write(store: Store, model: type[Base], values: Mapping[str, Any]) -> str:
    """Insert one row, the owner's unless it says otherwise; its id."""
    row = {"user_id": OWNER.user_id, **values}
    if model is SessionEdit:
        del row["user_id"]
    else:
        row.setdefault("id", new_id())
    if "is_deleted" in model.__table__.columns:
        row["is_deleted"] = row.get("deleted_at") is not None
    with store.connections.writing_for_all() as connection:
        connection.execute(insert(model), [row])
    return str(row.get("id", ""))


def strategy(store: Store, **values: Any) -> str:
    """A saved strategy."""
    return write(store, StrategyInstance, {"name": "A strategy", "logic_flow": FLOW, "parameters": {}, **values})


def quick_test(store: Store, instance: str, **values: Any) -> str:
    """A quick test, completed unless it says otherwise."""
    row = {"instance_id": instance, "test_name": "A test", "test_config": {}, "logic_flow_snapshot": FLOW}
    return write(store, QuickTest, {**row, "status": Status.COMPLETED, **values})


def generation(store: Store, instance: str, code: str = "x = 1\n", **values: Any) -> str:
    """A generated text, valid unless it says otherwise."""
    digest = hashlib.sha256(code.encode()).hexdigest()
    row: dict[str, Any] = {"instance_id": instance, "target": "standalone", "generated_code": code}
    row["code_hash"] = digest
    row |= {"logic_flow_snapshot": FLOW, "validation_status": ValidationStatus.VALID}
    return write(store, CodeGeneration, {**row, **values})


def session(store: Store, instance: str | None = None, **values: Any) -> str:
    """A builder session whose draft is what its strategy was saved as, unless it says otherwise."""
    moment = values.get("last_activity_at", NOW)
    row = {
        "instance_id": instance,
        "session_name": "A draft",
        "draft_logic_flow": FLOW,
        "draft_parameters": {},
        "draft_checksum": "0" * 64,
        "last_activity_at": moment,
        "expires_at": moment + datetime.timedelta(hours=24),
    }
    return write(store, BuilderSession, {**row, **values})


def steps(store: Store, session_id: str, first: int, last: int) -> None:
    """Steps of a session's journal, both ends included."""
    for sequence in range(first, last + 1):
        row = {"session_id": session_id, "sequence": sequence, "kind": EditKind.EDIT, "edit": 1, "checksum": "0" * 64}
        write(store, SessionEdit, row)


def measurement(store: Store, kind: MeasurementKind, **values: Any) -> str:
    """A measurement of the store itself, unless it says otherwise."""
    return write(store, Measurement, {"kind": kind, "user_id": None, "seconds": 0.1, **values})


def rows(store: Store, model: type[Base]) -> list[dict[str, Any]]:
    """Every row of a table, whoever's, in any order."""
    table = model.__table__
    with store.connections.reading_for_all() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def everything(store: Store) -> str:
    """Every row of every table but the measurements, as one text to be compared."""
    found = {
        model.__tablename__: sorted(repr(sorted(row.items(), key=str)) for row in rows(store, model))
        for model in EMPTIED
        if model is not Measurement
    }
    return json.dumps(found)


def empty(store: Store) -> None:
    """Remove every row of these tables."""
    with store.connections.writing_for_all() as connection:
        for model in EMPTIED:
            connection.execute(delete(model))
