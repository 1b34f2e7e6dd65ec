"""Commands, their answers, and files for them that are good, or wrong in one way."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from builder_app.main import main

CHECKOUT: Final = Path(__file__).resolve().parents[2]
EXAMPLES: Final = CHECKOUT / "resources" / "examples"
SAMPLE: Final = CHECKOUT / "resources" / "samples" / "stocks.csv.gz"
CROSSOVER: Final = EXAMPLES / "moving_average_crossover.flow.json"


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it is; NaN and infinity are no JSON."""

        def no_constant(name: str) -> None:
            raise AssertionError(f"{name} is no JSON")

        return json.loads(self.out, parse_constant=no_constant)


@dataclass(frozen=True)
class Terminal:
    """Runs commands in this process; no answer may show a traceback."""

    home: Path
    folder: Path
    captured: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Answer:
        self.captured.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        out, err = self.captured.readouterr()
        assert "Traceback" not in out + err
        return Answer(code, out, err)

    def file(self, name: str, content: str | bytes | Mapping[str, Any]) -> Path:
        """A file in the folder; a mapping is written as JSON."""
        path = self.folder / name
        text = json.dumps(content) if isinstance(content, Mapping) else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


def crossover(**changes: Any) -> dict[str, Any]:
    """The example's JSON document, with members replaced."""
    document: dict[str, Any] = json.loads(CROSSOVER.read_text(encoding="utf-8"))
    return {**document, **changes}


def with_parameters(node: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The example with other parameters in one block."""
    document = copy.deepcopy(crossover())
    block = next(item for item in document["nodes"] if item["id"] == node)
    block["parameters"] = dict(parameters)
    return document


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, to see whether anything changed."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
