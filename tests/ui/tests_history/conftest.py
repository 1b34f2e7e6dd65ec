"""What every test of the history of tests shares."""

from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).parent
_PLATFORM_SAYS: Final = "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)"
"""The platform without a display says so at windows with a smallest size, and at menus."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the platform say it; every other warning of Qt fails the test."""
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.qt_log_ignore(_PLATFORM_SAYS))
