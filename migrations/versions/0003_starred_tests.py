"""A quick test can be starred.

The column is added in place and stays empty in the rows that there are: the table may be large.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STARRED = "starred_at IS NOT NULL"


def upgrade() -> None:
    """From 0002 to 0003."""
    op.add_column("quick_tests", sa.Column("starred_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_quicktest_user_starred_created",
        "quick_tests",
        ["user_id", "is_deleted", "created_at", "id"],
        sqlite_where=sa.text(STARRED),
        postgresql_where=sa.text(STARRED),
    )


def downgrade() -> None:
    """Back from 0003 to 0002."""
    op.drop_index("ix_quicktest_user_starred_created", "quick_tests")
    op.drop_column("quick_tests", "starred_at")
