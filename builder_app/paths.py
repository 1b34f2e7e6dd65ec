"""Where things lie: what ships with the program, and the user's own folder. Imported by the composition root alone."""

import os
from pathlib import Path
from typing import Final

import platformdirs

DATA_FOLDER_VARIABLE: Final = "STRATEGY_BUILDER_HOME"
STORE_VARIABLE: Final = "STRATEGY_BUILDER_STORE"


def resources() -> Path:
    """The folder of templates, themes, samples, examples and schemas."""
    return _shipped("resources")


def migrations() -> Path:
    """The folder of the store's migrations."""
    return _shipped("migrations")


def data_folder() -> Path:
    """The user's own folder: store, prices, settings. `STRATEGY_BUILDER_HOME` puts it elsewhere."""
    chosen = os.environ.get(DATA_FOLDER_VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path("strategy-builder", appauthor=False)


def store_place(chosen: str | None = None) -> str | Path:
    """Where the user's store is: what was chosen, what `STRATEGY_BUILDER_STORE` says, or a file in the data folder."""
    return chosen or os.environ.get(STORE_VARIABLE) or data_folder() / "strategies.db"


def _shipped(name: str) -> Path:
    """In a wheel the folder lies inside the package, in a checkout beside it."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
