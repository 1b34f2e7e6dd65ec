"""The contract of every repository holds on every kind of database."""

import pytest


@pytest.fixture(autouse=True)
def on_every_backend(every_backend: None) -> None:
    """Every test here runs on SQLite and on PostgreSQL."""
