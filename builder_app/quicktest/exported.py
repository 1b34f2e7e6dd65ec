"""What of quick tests travels in an exported folder: the engine's files, and the configuration as JSON."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from .engine.settings import settings_from
from .request import IntrabarOrder, TestConfig

ENGINE: Final = Path(__file__).parent / "engine"


def engine_files() -> Mapping[str, str]:
    """The engine package's files by their names, such as "loop.py", with their text, byte for byte as they run here."""
    return {path.name: path.read_bytes().decode() for path in sorted(ENGINE.glob("*.py"))}


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
