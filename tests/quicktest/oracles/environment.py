"""Environments of their own for the oracles, each with the packages it is pinned to."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.environments import CHECKOUT as ROOT
from tests.environments import python_with

__all__ = ["REQUIREMENTS", "ROOT", "OracleMissing", "oracle_python"]

FOLDER: Final = Path(__file__).parent
REQUIREMENTS: Final[dict[str, Sequence[str]]] = {
    "backtesting": (FOLDER / "requirements.txt").read_text(encoding="utf-8").split(),
    "vectorbt": ["vectorbt==1.2.0"],
    "backtrader": ["backtrader==1.9.78.123", "numpy", "pandas"],
}


class OracleMissing(Exception):
    """The oracle is not installed and cannot be, for the package index cannot be reached."""


def oracle_python(name: str) -> Path:
    """The interpreter of the oracle's environment with the pinned packages, made now if it is not there yet."""
    try:
        return python_with(name, REQUIREMENTS[name])
    except subprocess.CalledProcessError as error:
        raise OracleMissing(str(error)) from error
