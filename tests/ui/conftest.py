"""What every test with Qt in it shares."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from builder_app.ui.collecting import collect_if_due

FOLDER: Final = Path(__file__).parent


def pytest_runtest_setup() -> None:
    """As in the program, no other thread searches for circular garbage and ends what is Qt's."""
    gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """Search here; all of it where a test without Qt comes next, and leave the search to Python then."""
    yield
    if nextitem is not None and nextitem.path.is_relative_to(FOLDER):
        collect_if_due()
    else:
        gc.collect()
        gc.enable()
