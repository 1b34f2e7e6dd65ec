"""Where the tests find the migrations, and the two users that they know."""

from pathlib import Path
from typing import Final

from builder_app.store import Principal

MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"
RELEASED: Final = Path(__file__).parent / "released"
OWNER: Final = Principal("00000000-0000-4000-8000-000000000001")
STRANGER: Final = Principal("00000000-0000-4000-8000-000000000002")
ADMINISTRATOR: Final = Principal("00000000-0000-4000-8000-000000000003", is_administrator=True)
