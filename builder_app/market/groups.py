"""Named groups of symbols, to be chosen as stock pools, and each symbol's sector; one file in the library's folder."""

import json
import os
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from builder_app.market.importing.sheets import read_sheets
from builder_app.market.prices import PricesUnreadable

FILE: Final = "groups.json"
LONGEST_NAME: Final = 60
_VERSION: Final = 1
_SYMBOL_NAMES: Final = ("symbol", "ticker", "code", "instrument", "isin")
_SECTOR_NAMES: Final = ("sector", "industry", "gics sector", "gicssector", "branch", "branche", "sektor")
_GROUP_NAMES: Final = ("group", "pool", "index", "list", "gruppe")


@dataclass(frozen=True, slots=True)
class SymbolGroups:
    """Symbols by the name of their group, in the strategist's order, and each symbol's sector."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)


class GroupsFile:
    """The groups of one library. Safe to use from threads; a file that another program wrote is read anew."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()

    def read(self) -> SymbolGroups:
        """The groups and sectors. Raises PricesUnreadable where the file is damaged."""
        try:
            return _groups_from(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return SymbolGroups()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            sentence = f"The groups of symbols ({self._path}) are damaged; correct that file, or remove it."
            raise PricesUnreadable([sentence]) from None

    def keep_group(self, name: str, symbols: Iterable[str]) -> None:
        """Make a group, or give it other symbols. Raises PricesUnreadable: no name, or no symbol."""
        named, members = name.strip(), tuple(dict.fromkeys(symbols))
        if not named or len(named) > LONGEST_NAME or not named.isprintable():
            raise PricesUnreadable(
                [f"A group needs a name of at most {LONGEST_NAME} characters; it was '{name[:20]}'."]
            )
        if not members:
            raise PricesUnreadable([f"The group '{named}' has no symbols; choose at least one."])
        with self._lock:
            known = self.read()
            self._write(SymbolGroups({**known.groups, named: members}, known.sectors))

    def remove_group(self, name: str) -> None:
        """Take a group away; its symbols stay. Raises PricesUnreadable where there is none of this name."""
        with self._lock:
            known = self.read()
            if name not in known.groups:
                raise PricesUnreadable([f"There is no group '{name}'; the groups are {_listed(known.groups)}."])
            groups = {other: symbols for other, symbols in known.groups.items() if other != name}
            self._write(SymbolGroups(groups, known.sectors))

    def take(self, table: SymbolGroups) -> None:
        """Add the groups and sectors of a table; a group of the same name is replaced."""
        with self._lock:
            known = self.read()
            self._write(SymbolGroups({**known.groups, **table.groups}, {**known.sectors, **table.sectors}))

    def _write(self, groups: SymbolGroups) -> None:
        content = {
            "version": _VERSION,
            "groups": {name: list(symbols) for name, symbols in groups.groups.items()},
            "sectors": dict(sorted(groups.sectors.items())),
        }
        handle, name = tempfile.mkstemp(prefix=".groups-", dir=self._path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        finally:
            Path(name).unlink(missing_ok=True)


def read_symbol_table(path: Path, group: str = "") -> SymbolGroups:
    """The groups and sectors in a table with the columns symbol, sector and group, of which only the symbol is needed.

    Its symbols make the group `group` where it is named here; the column's groups are made too.
    Raises PricesUnreadable.
    """
    sheet = read_sheets(path)[0]
    names = [name.strip().casefold() for name in sheet.names]
    place = {
        meaning: next((names.index(word) for word in words if word in names), None)
        for meaning, words in (("symbol", _SYMBOL_NAMES), ("sector", _SECTOR_NAMES), ("group", _GROUP_NAMES))
    }
    if place["symbol"] is None:
        found = ", ".join(name.strip() or "(no name)" for name in sheet.names[:12])
        sentence = f"{sheet.file} has no column for the symbol; its columns are {found}. Name them symbol and sector."
        raise PricesUnreadable([sentence])
    symbols = [text.strip() for text in sheet.columns[place["symbol"]]]
    sectors = _pairs(symbols, sheet.columns[place["sector"]]) if place["sector"] is not None else {}
    groups: dict[str, tuple[str, ...]] = {}
    if place["group"] is not None:
        for symbol, name in _pairs(symbols, sheet.columns[place["group"]]).items():
            groups[name] = (*groups.get(name, ()), symbol)
    members = tuple(dict.fromkeys(symbol for symbol in symbols if symbol))
    if not members:
        raise PricesUnreadable([f"{sheet.file} names no symbol; fill in its column symbol."])
    if group.strip():
        groups[group.strip()] = members
    if not groups and not sectors:
        sentence = f"{sheet.file} has neither a column for the sector nor for the group; name one, or name the group."
        raise PricesUnreadable([sentence])
    return SymbolGroups(groups, sectors)


def _pairs(symbols: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    return {symbol: text.strip() for symbol, text in zip(symbols, texts, strict=True) if symbol and text.strip()}


def _groups_from(content: Any) -> SymbolGroups:
    if content["version"] != _VERSION:
        raise ValueError("unknown version")
    groups = {str(name): tuple(map(str, symbols)) for name, symbols in content["groups"].items()}
    return SymbolGroups(groups, {str(symbol): str(sector) for symbol, sector in content["sectors"].items()})


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none yet"
