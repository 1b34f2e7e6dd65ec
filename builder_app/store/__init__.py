"""What stays: the SQLite file (or any SQLAlchemy URL), its tables, migrations and repositories.

In: JSON values and a Principal.  Out: frozen records. Every query is filtered by its user in one place.
Not here: what a flow means, running tests, windows. The only room that knows SQL.
"""

from builder_app.store.errors import (
    NotAllowed,
    NotThere,
    RefusedValue,
    StoreConflict,
    StoreError,
    StoreUnavailable,
)
from builder_app.store.models.base import new_id
from builder_app.store.opening import open_store
from builder_app.store.principal import Principal
from builder_app.store.store import Store

__all__ = [
    "NotAllowed",
    "NotThere",
    "Principal",
    "RefusedValue",
    "Store",
    "StoreConflict",
    "StoreError",
    "StoreUnavailable",
    "new_id",
    "open_store",
]
