"""What tests stand on that takes long to make and that no test changes: made once in each test process, when asked for.

`end` is called when the tests are over.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from builder_app import paths
from builder_app.market.library import Library
from builder_app.quicktest.runner import Runner
from builder_app.session.shelf.seeding import seed_templates
from builder_app.store import Principal, open_store
from tests.shipped import shipped_catalogue

STORE: Final = "strategies.db"
PRICES: Final = "prices"


class LastingRunner(Runner):
    """A runner that outlives the sessions, windows and commands that use it: its start takes longer than most tests.

    It compiles nothing beside the tests; results are the same.
    """

    def warm(self) -> None:
        """The plain loop will do."""

    def close(self) -> None:
        """Whoever uses it closes it; this one goes on."""

    def end(self) -> None:
        """End it for good."""
        super().close()


@cache
def lasting_runner() -> LastingRunner:
    """The one of this test process."""
    return LastingRunner()


@cache
def _first_start() -> "tempfile.TemporaryDirectory[str]":
    """A data folder as it is after the first start: a store with the system's templates, and the sample prices."""
    made = tempfile.TemporaryDirectory(prefix="ground-")
    folder = Path(made.name)
    with open_store(folder / STORE, paths.migrations(), Principal("00000000-0000-4000-8000-000000000001")) as store:
        seed_templates(store, shipped_catalogue(), paths.resources() / "examples")
    Library(folder / PRICES).install_sample(paths.resources() / "samples" / "stocks.csv.gz")
    return made


def settle(folder: Path) -> None:
    """Put the store and the prices of a first start into a data folder, where it does not have its own."""
    made = Path(_first_start().name)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / STORE).exists():
        shutil.copy2(made / STORE, folder / STORE)
    if not (folder / PRICES).exists():
        shutil.copytree(made / PRICES, folder / PRICES)


def end() -> None:
    """Leave nothing behind."""
    if lasting_runner.cache_info().currsize:
        lasting_runner().end()
    if _first_start.cache_info().currsize:
        _first_start().cleanup()
