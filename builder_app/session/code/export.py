"""An exported folder: the file that was tested, the engine that tested it, and what it must print elsewhere."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from builder_app import __version__
from builder_app.codegen.program import Program
from builder_app.flow.codec import dumps
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.market.exported import prices_files
from builder_app.quicktest.exported import engine_files
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.runs.config_codec import config_to_json
from builder_app.session.runs.results_codec import metrics_to_json
from builder_app.session.secrecy.secrets import without_secrets

DISTRIBUTIONS: Final = {"numpy": "numpy", "pandas": "pandas", "talib": "TA-Lib"}
"""What brings each package that generated code may import; the engine and the reader of prices need numpy alone."""


class ExportRefused(ValueError):
    """The folder could not be written; the text says why and what to do. Nothing was left half-written."""


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """What goes into an exported folder. The result is that of exactly this program on exactly this set-up."""

    flow: LogicFlow
    program: Program
    config: TestConfig
    result: RunResult
    prices_csv: str | None = None
    """The text of a price file to travel along, or None: prices may have an owner who forbids copies."""
    explanation: str = ""
    """What the strategy does, in plain English, for the README."""


def exported_files(export: Export) -> Mapping[str, str]:
    """The folder's files: relative path → text."""
    config = config_to_json(export.config)
    config["stock_pool"] = list(export.result.symbols)
    files = {
        "strategy.py": export.program.source,
        "flow.json": dumps(without_secrets(export.flow)),
        "config.json": _json(config),
        "expected.json": _json(_expected(export)),
        "requirements.txt": "".join(f"{name}=={version(name)}\n" for name in _distributions(export.program)),
        "README.md": _readme(export),
    }
    files |= {f"engine/{name}": text for name, text in engine_files().items()}
    files |= {f"prices/{name}": text for name, text in prices_files().items()}
    if export.prices_csv is not None:
        files["prices.csv"] = export.prices_csv
    return files


def price_symbols(config: TestConfig, result: RunResult, program: Program) -> tuple[str, ...]:
    """The symbols whose prices the folder's test reads: those tested, looked at, and the benchmark, each once."""
    benchmark = () if config.benchmark is None else (config.benchmark,)
    return tuple(dict.fromkeys((*result.symbols, *program.other_symbols, *benchmark)))


def check_folder(folder: Path) -> None:
    """Raise ExportRefused where `write_folder` would: worth knowing before a test is run."""
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as reason:
        raise ExportRefused(f"'{folder}' could not be looked at: {reason.strerror}; choose another place.") from reason
    if taken:
        raise ExportRefused(f"'{folder}' is not an empty folder; name a new one, so that nothing is overwritten.")


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files or none: they are made beside the folder and moved into its place at once.

    Raises ExportRefused where the folder holds something already, or the disk refuses.
    """
    check_folder(folder)
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name[:100]}-", dir=folder.parent))
    except OSError as reason:
        raise ExportRefused(f"'{folder}' could not be made: {reason.strerror}; choose another place.") from reason
    try:
        _write_all(made, files)
        if folder.exists():
            folder.rmdir()
        made.replace(folder)
    except OSError as reason:
        raise ExportRefused(f"'{folder}' could not be written: {reason.strerror}; choose another place.") from reason
    finally:
        shutil.rmtree(made, ignore_errors=True)  # nothing is there any more where all went well


def _write_all(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    folder.chmod(0o755)


def _distributions(program: Program) -> list[str]:
    needed = {"numpy", *program.imports}
    return [distribution for package, distribution in DISTRIBUTIONS.items() if package in needed]


def _expected(export: Export) -> dict[str, Any]:
    return {
        "metrics": metrics_to_json(export.result.metrics),
        "data_fingerprint": export.result.data_fingerprint,
        "code_hash": export.program.sha256,
        "flow_hash": export.program.flow_hash,
        "trades": len(export.result.trades),
        "generator_version": __version__,
    }


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _readme(export: Export) -> str:
    prices = "prices.csv" if export.prices_csv is not None else "PRICES.csv"
    return "\n".join(
        (
            f"# {' '.join(export.flow.name.split()) or UNTITLED_STRATEGY}",
            " ".join(export.explanation.split()),
            "",
            f"Run it: `python -m pip install -r requirements.txt`, then `python strategy.py {prices}`:",
            "it prints the metrics; `--json` prints them as JSON.",
            "PRICES.csv is one file with all symbols, or one file a symbol; columns are recognised. "
            "It must print what expected.json says, if the prices are those of its data fingerprint.",
            "`strategy.py` is the strategy, `flow.json` its picture, `config.json` the test set-up.",
            "`engine/` fills the orders by the rules written at the top of `engine/loop.py`; numba makes it faster.",
            "`prices/` reads the files and adjusts them for splits and dividends.",
            f"Made by Strategy Builder {__version__}; it need not be installed here.",
            "",
        )
    )
