"""Migrations build what the models say, go back, and are one line of numbered files."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Column, Engine, MetaData, create_engine

from builder_app.store import StoreUnavailable
from builder_app.store.column_types import JsonText
from builder_app.store.migration import (
    APPLICATION_ID,
    configuration,
    downgrade,
    known_revisions,
    migrate,
    write_revision,
)
from builder_app.store.models import Base
from builder_app.store.models.base import NAMING
from tests.store.places import MIGRATIONS


@pytest.fixture
def url(tmp_path: Path) -> URL:
    return URL.create("sqlite", database=str(tmp_path / "migrated.db"))


@pytest.fixture
def from_models(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(URL.create("sqlite", database=str(tmp_path / "models.db")))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def definitions(path: str | None) -> dict[str, str]:
    """The text of every table, index and trigger, with spaces made equal.

    The columns and constraints of a table are put in order: a column that was added later stands last in the text.
    """
    with closing(sqlite3.connect(str(path))) as connection:
        rows = connection.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        name: in_order(re.sub(r"\s+", " ", sql)) if kind == "table" else re.sub(r"\s+", " ", sql)
        for name, kind, sql in rows
        if name != "alembic_version"
    }


def in_order(table: str) -> str:
    head, _, body = table.partition("(")
    parts = re.split(r",(?![^(]*\))", body.rstrip().removesuffix(")"))
    return f"{head}({', '.join(sorted(part.strip() for part in parts))})"


def test_autogenerate_finds_no_difference(url: URL) -> None:
    migrate(url, MIGRATIONS)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migrations_write_the_same_definitions_as_the_models_checks_and_conditions_included(
    url: URL, from_models: Engine
) -> None:
    migrate(url, MIGRATIONS)
    assert definitions(url.database) == definitions(from_models.url.database)
    assert len(definitions(url.database)) > 60


def test_downgrade_to_nothing_and_up_again(url: URL) -> None:
    migrate(url, MIGRATIONS)
    whole = definitions(url.database)
    downgrade(url, MIGRATIONS, "base")
    assert definitions(url.database) == {}
    migrate(url, MIGRATIONS)
    assert definitions(url.database) == whole


@pytest.mark.parametrize("revision", known_revisions(MIGRATIONS))
def test_every_revision_goes_up_and_back_again(url: URL, revision: str) -> None:
    migrate(url, MIGRATIONS, revision)
    there = definitions(url.database)
    migrate(url, MIGRATIONS)
    downgrade(url, MIGRATIONS, revision)
    assert definitions(url.database) == there


def test_the_file_carries_the_application_id(url: URL) -> None:
    migrate(url, MIGRATIONS)
    with closing(sqlite3.connect(str(url.database))) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_revisions_read_off_the_file_names_are_those_that_alembic_knows() -> None:
    scripts = ScriptDirectory.from_config(configuration(MIGRATIONS))
    line = [script.revision for script in scripts.walk_revisions()]
    assert list(reversed(line)) == list(known_revisions(MIGRATIONS))
    assert scripts.get_heads() == [known_revisions(MIGRATIONS)[-1]]


def test_a_migration_imports_nothing_of_the_program() -> None:
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert "builder_app" not in path.read_text("utf-8"), path.name


def test_an_author_gets_the_next_revision_with_the_rules_in_it(
    url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    changed = MetaData(naming_convention=NAMING)
    for table in Base.metadata.tables.values():
        table.to_metadata(changed)
    changed.tables["quick_tests"].append_column(Column("seeds", JsonText(), nullable=True))
    monkeypatch.setattr(Base, "metadata", changed)
    path = write_revision(folder, "Keep the seeds")
    assert path.name == f"{int(known_revisions(MIGRATIONS)[-1]) + 1:04}_keep_the_seeds.py"
    text = path.read_text("utf-8")
    assert "Rules for authors" in text
    assert "sa.Column('seeds', sa.Text(), nullable=True)" in text
    migrate(url, folder)
    assert "seeds TEXT" in definitions(url.database)["quick_tests"]
    downgrade(url, folder, known_revisions(MIGRATIONS)[-1])
    assert "seeds" not in definitions(url.database)["quick_tests"]


def test_a_folder_without_migrations_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="not installed whole"):
        known_revisions(tmp_path)
