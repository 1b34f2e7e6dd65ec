"""A price file as a table of texts: decoding, the separator, and which column means what."""

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .problems import PricesUnreadable, first_and_count

LARGEST_FILE: Final = 2_000_000_000
"""Bytes of text that are read at most: a small compressed file can hold far more than memory does."""

_SEPARATORS: Final = (",", ";", "\t", "|")

# For each meaning its English and German names, reduced to letters and digits, the plainest first.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "date": (
        *("date", "datetime", "timestamp", "time", "day", "tradedate", "tradingday", "opentime", "unix", "epoch"),
        "datum",
    ),
    "symbol": ("symbol", "ticker", "instrument", "code", "stock", "asset", "security", "sym", "name"),
    "open": ("open", "o", "openprice", "priceopen", "opening", "eroffnung", "eroeffnung", "eroffnungskurs", "erster"),
    "high": ("high", "h", "highprice", "pricehigh", "max", "hoch", "hochkurs", "hochst", "hochstkurs"),
    "low": ("low", "l", "lowprice", "pricelow", "min", "tief", "tiefkurs", "tiefst", "tiefstkurs"),
    "close": ("close", "c", "closeprice", "priceclose", "closing", "last", "price", "schluss", "schlusskurs"),
    "adjusted": ("adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjcloseprice", "adjusted", "adj"),
    "volume": (
        *("volume", "v", "vol", "volumeshares", "totalvolume", "shares", "tickvolume", "tickvol"),
        *("stuck", "stucke", "stuecke", "volumen"),  # beside a number of shares, Volumen is money
    ),
}
_REQUIRED: Final = ("date", "open", "high", "low", "close")


MEANINGS: Final = ("date", "clock", "symbol", "open", "high", "low", "close", "adjusted", "volume")
"""What a column can mean; a clock is the time of day in a column of its own."""
_SEARCHED: Final = 20
"""So many lines may stand above the column names."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's columns as they stand in it. Each of `columns` is as long as `lines`, the rows' line numbers.

    `symbol` is what the rows are prices of where no column says it.
    """

    file: str
    symbol: str
    names: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    lines: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file: `columns` by meaning ("date", "open", …), `lines` the rows' line numbers.

    `day_first` says whether 01/02/2010 is the first of February, `decimal` whether a "point" or a "comma" stands before
    the parts of a number; None and "": as the file itself shows.
    """

    file: str
    symbol: str
    columns: Mapping[str, Sequence[str]]
    lines: NDArray[np.int64]
    remarks: tuple[str, ...] = ()
    day_first: bool | None = None
    decimal: str = ""


def read_table(path: Path) -> Table:
    """The table in a CSV file, plain or gzip, its columns by their names. Raises PricesUnreadable where it is none."""
    sheet = read_sheet(path)
    return table_of(sheet, recognised(sheet.names))


def read_sheet(path: Path) -> Sheet:
    """The columns of a CSV file, plain or gzip. Raises PricesUnreadable where it is none, or has no rows."""
    names, rows, lines = _rows(path.name, _text(path))
    if not rows:
        known = set(recognised(names))
        missing = _missing(path.name, names, known)
        sentence = f"{path.name} has column names but no rows; give it prices, or leave it out."
        raise PricesUnreadable([missing or sentence])
    columns = tuple(zip(*rows, strict=True))
    return Sheet(path.name, symbol_of(path), tuple(names), columns, np.array(lines, dtype=np.int64))


def table_of(sheet: Sheet, meanings: Sequence[str]) -> Table:
    """The table in which each column of the sheet has this meaning; "" for those that are not read.

    Raises PricesUnreadable where a needed meaning is missing or there twice.
    """
    places: dict[str, int] = {}
    problems: list[str] = []
    for place, meaning in enumerate(meanings):
        if meaning and meaning in places:
            name = sheet.names[places[meaning]].strip() or meaning
            problems.append(f"{sheet.file} has more than one column {name}; rename or remove one.")
        elif meaning:
            places[meaning] = place
    missing = _missing(sheet.file, sheet.names, set(places))
    problems = list(dict.fromkeys([*problems, *([missing] if missing else [])]))
    if problems:
        raise PricesUnreadable(problems)
    columns = {meaning: sheet.columns[place] for meaning, place in places.items()}
    if "clock" in columns:
        clock = columns.pop("clock")
        columns["date"] = tuple(f"{day} {time}" for day, time in zip(columns["date"], clock, strict=True))
    remarks = () if "volume" in places else (f"{sheet.file} has no volume column; the volume was taken as 0.",)
    return Table(sheet.file, sheet.symbol, columns, sheet.lines, remarks)


def symbol_of(path: Path) -> str:
    """The symbol that a file of one symbol is named after: AAPL for AAPL.csv and AAPL.csv.gz."""
    return re.sub(r"(\.(csv|txt|tsv))?(\.gz)?$", "", path.name, flags=re.IGNORECASE).strip()


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if content[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise PricesUnreadable([f"There is no file {path}; check its name."]) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        sentence = f"{path.name} is a damaged gzip file; fetch or pack it again."
        raise PricesUnreadable([sentence]) from None
    except OSError as error:
        raise PricesUnreadable([f"{path} could not be read ({error.strerror or error})."]) from error
    if len(content) > LARGEST_FILE:
        raise PricesUnreadable([f"{path.name} is larger than {LARGEST_FILE:,} bytes; split it by symbol."])
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        sentence = f"{path.name} is not a text file in UTF-8; save the prices as CSV (not as a spreadsheet)."
        raise PricesUnreadable([sentence])
    if not text.strip():
        raise PricesUnreadable([f"{path.name} is empty; it needs a line of column names and one line a bar."])
    return text


def _rows(file: str, text: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Column names, rows all of one length, and the rows' line numbers (1 is the file's first line)."""
    lines = re.split(r"\r\n|\n|\r", text)  # splitlines would also split at signs that csv keeps
    start = _header_line(lines)
    separator = _separator(lines[start])
    reader = csv.reader(lines[start:], delimiter=separator)
    rows: list[list[str]] = []
    numbers: list[int] = []
    faults: list[str] = []
    first = start + 1
    try:
        names = next(reader)
        width = len(names)
        first = start + reader.line_num + 1
        for row in reader:
            number, first = first, start + reader.line_num + 1  # a quoted text may go over several lines
            if not any(map(str.strip, row)):
                continue
            swallowed = lines[number : first - 1]
            if any(line.count(separator) >= width - 1 for line in swallowed if line.strip()):
                faults.append(_open_quote(file, number, first - 1))
            elif len(row) < width or any(map(str.strip, row[width:])):
                faults.append(_wrong_width(file, number, len(row), width))
            rows.append((row + [""] * width)[:width])
            numbers.append(number)
    except csv.Error as error:
        last = start + reader.line_num
        sentence = f"{file}, line {first} cannot be split into columns ({error})."
        raise PricesUnreadable([_open_quote(file, first, last) if last > first else sentence]) from error
    if faults:
        raise PricesUnreadable(first_and_count(faults, "the number of columns"))
    return names, rows, numbers


def _header_line(lines: Sequence[str]) -> int:
    """The line of the column names: the first that names most of what is needed, else the first that is not empty."""
    filled = [number for number, line in enumerate(lines[: 10 * _SEARCHED]) if line.strip()]
    for number in filled[:_SEARCHED]:
        split = next(csv.reader([lines[number]], delimiter=_separator(lines[number])))
        if len({*recognised(split)} & {*_REQUIRED}) == len(_REQUIRED):
            return number
    return next(number for number, line in enumerate(lines) if line.strip())


def _separator(header: str) -> str:
    """What splits the header into the most names that are known; of equals, what splits it most."""
    split = {each: next(csv.reader([header], delimiter=each)) for each in _SEPARATORS}
    return max(_SEPARATORS, key=lambda each: (len(_recognised(split[each])), len(split[each])))


def _open_quote(file: str, line: int, last: int) -> str:
    return f'{file}, line {line} has a quote (") that goes on up to line {last}; close the quote, or remove it.'


def _wrong_width(file: str, line: int, values: int, width: int) -> str:
    hint = "numbers with a decimal comma need ; or quotes" if values > width else "add the missing ones"
    return f"{file}, line {line} has {values} values for {width} columns; {hint}."


def _reduced(name: str) -> str:
    """A column name without case, accents, spaces and signs, and without a number before it ("1. open")."""
    plain = unicodedata.normalize("NFKD", re.sub(r"^\s*\d+\.\s*", "", name).casefold())
    return re.sub(r"[^a-z0-9]", "", plain)


def _recognised(names: Sequence[str]) -> list[str]:
    known = {word for words in _NAMES.values() for word in words}
    return [name for name in names if _reduced(name) in known]


def recognised(names: Sequence[str]) -> tuple[str, ...]:
    """What each column means by its name, "" where that is not known. A name that is there twice means the same."""
    reduced = [_reduced(name) for name in names]
    found = [""] * len(names)
    for meaning, words in _NAMES.items():
        best = next((word for word in words if word in reduced), None)
        for place, name in enumerate(reduced):
            if name == best:
                found[place] = meaning
    dates = [reduced[place] for place, meaning in enumerate(found) if meaning == "date"]
    if dates and dates[0] in ("date", "day") and "time" in reduced:
        found[reduced.index("time")] = "clock"
    if "date" not in found and reduced and not reduced[0]:
        found[0] = "date"  # the index column that pandas writes has no name
    return tuple(found)


def _missing(file: str, names: Sequence[str], known: set[str]) -> str:
    missing = [meaning for meaning in _REQUIRED if meaning not in known]
    if not missing:
        return ""
    found = ", ".join(name.strip() or "(no name)" for name in names[:12])
    sentence = f"{file} has no column for {_listed(missing)}; its first line names {found}. "
    return sentence + "Name the columns date, open, high, low, close, volume (and symbol)."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
