"""${message}

Rules for authors of migrations:
- Never change a revision that was released; write a new one after it. Revisions form one line, numbered 0001, 0002, …,
  and the file's name begins with the number.
- Import nothing of builder_app: the models go on changing, this file must not. Write
  tables, types and constraints out in full, and name every constraint as the naming convention in
  builder_app/store/models/base.py does.
- The whole upgrade runs in one transaction with foreign keys off. Never COMMIT, ROLLBACK or VACUUM, never call another
  program, never read the clock for anything but a time stamp.
- In SQLite a column or constraint is changed with `op.batch_alter_table`, which copies the table: name its indexes and
  checks again, and mind tables with millions of rows.
- A new column that may not be NULL needs a `server_default`, or the rows that exist cannot be copied.
- Data is never dropped by an upgrade: what a new table cannot hold is carried into another column or table.
- Write `downgrade` too, and keep a saved database of the revision before in tests/store/released/, upgraded by a test.
- Autogenerate sees neither CHECKs nor the conditions of partial indexes: tests/store/test_migration.py compares those.

Revision: ${up_revision}
After: ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """From ${down_revision or "nothing"} to ${up_revision}."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Back from ${up_revision} to ${down_revision or "nothing"}."""
    ${downgrades if downgrades else "pass"}
