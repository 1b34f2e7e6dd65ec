"""Connections to a database server, PostgreSQL above all, so that a desk can share a store.

What a file gets from SQLite's one-writer rule is said here in PostgreSQL's words: the writes of one user wait for one
another (those of different users do not: they meet in single statements only), and a read sees one moment and cannot
write.
"""

import hashlib
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, text

MIGRATION_TURN: Final = "migration"
"""The name whose turn a program takes while it migrates a database on a server."""
_SECONDS_TO_REACH_A_SERVER: Final = 10


def server_arguments(url: URL) -> dict[str, Any]:
    """What the driver is told beside the URL."""
    is_named = "connect_timeout" in url.query
    return {} if url.get_backend_name() != "postgresql" or is_named else {"connect_timeout": _SECONDS_TO_REACH_A_SERVER}


def server_engines(url: URL) -> tuple[Engine, Engine]:
    """The engine that writes, on one connection, and the one that reads. A connection that a restart of the server
    broke is replaced when it is next used.
    """
    if url.get_backend_name() != "postgresql":
        return create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True), create_engine(
            url, pool_pre_ping=True
        )
    arguments = server_arguments(url)
    writer = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args=arguments)
    reader = create_engine(
        url,
        pool_pre_ping=True,
        connect_args=arguments,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    for engine in (writer, reader):
        event.listen(engine, "handle_error", _replace_what_does_not_answer)
    return writer, reader


def _replace_what_does_not_answer(context: ExceptionContext) -> None:
    """Whatever goes wrong when a connection is asked whether it lives, it is replaced.

    A connection that is being ended in that very moment fails with an error that does not look like a lost one.
    """
    if context.is_pre_ping:
        context.is_disconnect = True


def wait_for_turn(connection: Connection, name: str) -> None:
    """Wait until no other transaction holds this name's turn; it is held to this transaction's end.

    On a SQLite file there is nothing to wait for: its one write transaction began with the turn.
    """
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(f"strategy-builder:{name}".encode()).digest()[:8], "big", signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
