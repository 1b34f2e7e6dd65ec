"""A program one version on: a folder of migrations with one revision more."""

import shutil
from pathlib import Path
from typing import Final

from builder_app.store.migration import known_revisions
from tests.store.places import MIGRATIONS

NEWEST: Final = known_revisions(MIGRATIONS)[-1]
NEXT: Final = f"{int(NEWEST) + 1:04}"
"""The revision after the newest."""
_TEXT: Final = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("quick_tests", sa.Column("seed", sa.Integer(), nullable=True))
    {then}


def downgrade():
    op.drop_column("quick_tests", "seed")
"""


def write_next_version(folder: Path, then: str = "pass") -> Path:
    """Copy the migrations into this folder and add one that does `then` as its last step; the folder."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    text = _TEXT.format(revision=NEXT, before=NEWEST, then=then)
    (folder / "versions" / f"{NEXT}_seed.py").write_text(text, "utf-8")
    return folder
