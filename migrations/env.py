"""Alembic's entry: runs the revisions on the connection that the store gives, in the transaction that it began."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from builder_app.store.errors import StoreUnavailable
from builder_app.store.models import Base


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How a new revision writes one of the store's own column types: as the plain type below it."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def run() -> None:
    """Run what Alembic was asked for; without a connection there is nothing to run on."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise StoreUnavailable("Migrations run on the store's own connection: use builder_app.store.migration.")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        transaction_per_migration=False,
        # SQLite changes a table by copying it.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
