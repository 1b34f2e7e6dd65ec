"""Where things lie: what ships with the program, and the user's own folder. Imported by the composition root alone."""

import os
from pathlib import Path
from typing import Final

import platformdirs

DATA_FOLDER_VARIABLE: Final = "STRATEGY_BUILDER_HOME"


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


def _shipped(name: str) -> Path:
    """In a wheel the folder lies inside the package, in a checkout beside it."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
