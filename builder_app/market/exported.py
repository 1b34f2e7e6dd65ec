"""What an exported folder takes along from this room: the package `prices`, as it stands here."""

from collections.abc import Mapping
from pathlib import Path

from builder_app.market import prices


def prices_files() -> Mapping[str, str]:
    """The texts of the package's modules by file name, byte for byte those that ran here."""
    folder = Path(prices.__file__).parent
    return {path.name: path.read_bytes().decode("utf-8") for path in sorted(folder.glob("*.py"))}
