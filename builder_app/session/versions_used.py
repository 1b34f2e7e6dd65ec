"""What a result was computed by: this program, its engine, Python and the libraries under them."""

import hashlib
import platform
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from builder_app import __version__
from builder_app.codegen.program import GENERATOR_VERSION
from builder_app.quicktest.exported import engine_files

_LIBRARIES: Final = {"NumPy": "numpy", "pandas": "pandas", "TA-Lib": "TA-Lib", "numba": "numba"}
_HASH_LETTERS: Final = 12


@lru_cache(maxsize=1)
def versions_used() -> Mapping[str, str]:
    """Versions by the names that a strategist knows; a library that is not installed is "none".

    The engine's is the beginning of the SHA-256 over its files, so that a changed line is another version.
    """
    digest = hashlib.sha256()
    for name, text in engine_files().items():
        digest.update(f"{name}\0{len(text)}\0{text}".encode())
    return {
        "Strategy Builder": __version__,
        "Code generator": GENERATOR_VERSION,
        "Engine": digest.hexdigest()[:_HASH_LETTERS],
        "Python": platform.python_version(),
        **{name: _installed(package) for name, package in _LIBRARIES.items()},
    }


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
