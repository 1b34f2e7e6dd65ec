"""What of quick tests travels in an exported folder: the engine's files, and the configuration as JSON."""

import dataclasses
import functools
import hashlib
import importlib.metadata
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from .engine.settings import settings_from
from .request import IntrabarOrder, TestConfig

ENGINE: Final = Path(__file__).parent / "engine"
LIBRARIES: Final = {"NumPy": "numpy", "pandas": "pandas", "TA-Lib": "TA-Lib", "numba": "numba"}
HASH_LETTERS: Final = 12


def engine_files() -> Mapping[str, str]:
    """The engine package's files by their names, such as "loop.py", with their text, byte for byte as they run here."""
    return {path.name: path.read_bytes().decode() for path in sorted(ENGINE.glob("*.py"))}


@functools.cache
def versions() -> Mapping[str, str]:
    """What makes a result, by the names that a strategist knows; a library that is not installed is "none".

    The engine's is the beginning of the SHA-256 over its files, so that a changed line is another version.
    """
    digest = hashlib.sha256()
    for name, text in engine_files().items():
        digest.update(f"{name}\0{len(text)}\0{text}".encode())
    return {
        "Engine": digest.hexdigest()[:HASH_LETTERS],
        "Python": platform.python_version(),
        **{name: _installed(package) for name, package in LIBRARIES.items()},
    }


def _installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def config_document(config: TestConfig) -> dict[str, Any]:
    """A configuration as the JSON document of `config.json` and `quick_tests.test_config`: dates as YYYY-MM-DD."""
    document = dataclasses.asdict(config)
    for name in ("start_date", "end_date"):
        document[name] = document[name].isoformat() if document[name] is not None else None
    document["stock_pool"] = list(config.stock_pool)
    document["intrabar_order"] = str(config.intrabar_order)
    return document


def config_from(document: object) -> tuple[TestConfig, tuple[str, ...]]:
    """Read such a document; returns the configuration and a sentence for everything that is wrong."""
    settings, problems = settings_from(document)
    values = dataclasses.asdict(settings) | {"intrabar_order": IntrabarOrder(settings.intrabar_order)}
    return TestConfig(**values), problems
