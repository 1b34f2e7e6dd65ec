"""Texts to numbers: a decimal point or a decimal comma, whichever the whole file allows."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from .panel import FloatArray
from .problems import PricesUnreadable

_NOTHING: Final = frozenset({"", "-", ".", "na", "n/a", "nan", "null", "none", "#n/a"})
_POINT: Final = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d+)?")
_COMMA: Final = re.compile(r"[+-]?(\d+|\d{1,3}([. \u00a0\u202f]\d{3})+)?(,\d*)?([eE][+-]?\d+)?")
_SPACES: Final = re.compile(r"[ \u00a0\u202f]")


Numbers = tuple[dict[str, FloatArray], list[tuple[int, str, str]]]
"""The columns' numbers, and (row, column, text) of each text that is not a number."""


def read_numbers(file: str, columns: Mapping[str, Sequence[str]], decimal: str = "") -> Numbers:
    """The columns' numbers, NaN where there is none, and (row, column, text) of each text that is not a number.

    Every number is the float64 nearest to its text. `decimal` says whether a "point" or a "comma" stands before the
    parts of a number; without it the file shows it. Raises PricesUnreadable where commas could mean two things.
    """
    if decimal == "comma":  # then 1.234 is a thousand and more
        return _read_styled(file, columns, decimal)
    try:
        plain = {name: np.array(list(map(float, texts)), dtype=np.float64) for name, texts in columns.items()}
    except ValueError:
        return _read_styled(file, columns, decimal)
    if any("_" in text for texts in columns.values() for text in texts):
        return _read_styled(file, columns, decimal)
    return {name: values + 0.0 for name, values in plain.items()}, []


def _read_styled(file: str, columns: Mapping[str, Sequence[str]], decimal: str) -> Numbers:
    cells = [text.strip() for texts in columns.values() for text in texts]
    cells = [text for text in cells if text.lower() not in _NOTHING]
    misfits = {
        "point": sum(not _POINT.fullmatch(text) for text in cells),
        "comma": sum(not _COMMA.fullmatch(text) for text in cells),
    }
    if not decimal and misfits["point"] == misfits["comma"] == 0 and any("," in text for text in cells):
        example = next(text for text in cells if "," in text)
        sentence = f"In {file}, '{example}' can mean two numbers; write numbers with a decimal point and no commas."
        raise PricesUnreadable([sentence])
    style = decimal or ("comma" if misfits["comma"] < misfits["point"] else "point")
    faults: list[tuple[int, str, str]] = []
    numbers = {}
    for name, texts in columns.items():
        values = np.full(len(texts), np.nan)
        for row, text in enumerate(texts):
            cell = text.strip()
            if cell.lower() in _NOTHING:
                continue
            number = _number(cell, style)
            if number is None:
                faults.append((row, name, cell))
            else:
                values[row] = number + 0.0
        numbers[name] = values
    return numbers, faults


def _number(cell: str, style: str) -> float | None:
    pattern = _COMMA if style == "comma" else _POINT
    if not pattern.fullmatch(cell):
        return None
    plain = _SPACES.sub("", cell).replace(".", "").replace(",", ".") if style == "comma" else cell.replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None
