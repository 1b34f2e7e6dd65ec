"""The library of prices as a page shows it: its symbols, small curves, groups and sectors, and what may be done."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from builder_app.market.frequencies import FREQUENCIES
from builder_app.market.frequencies import TITLES as FREQUENCY_TITLES
from builder_app.market.groups import GroupsFile, SymbolGroups, read_symbol_table
from builder_app.market.importing.preparing import prepare_again
from builder_app.market.keeping import KEPT_DELETED
from builder_app.market.library import ImportReport, Library, SymbolInfo
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.problems import no_such_symbol
from builder_app.session.answering import answered

if TYPE_CHECKING:
    from builder_app.session.session import Session

__all__ = [
    "FREQUENCIES",
    "FREQUENCY_TITLES",
    "GroupsFile",
    "HearsOfLibrary",
    "PriceLibrary",
    "SymbolGroups",
    "SymbolInfo",
    "group_named",
    "infos_named",
    "read_groups",
    "read_symbol_table",
    "update_symbols",
]

Key = tuple[str, str]
"""A symbol and a frequency."""
CURVE_POINTS: Final = 64
"""So many closes make a small curve."""


class HearsOfLibrary(Protocol):
    """Who is told what comes of slow work, in the owner's thread."""

    def curves_read(self, curves: Mapping[Key, NDArray[np.float64]], /) -> None:
        """The last closes of these symbols, few enough to paint small."""

    def changed(self, sentence: str, /) -> None:
        """The library or its groups are other ones now; what was done, in a sentence."""

    def failed(self, sentence: str, /) -> None:
        """It could not be done, and why; nothing was changed."""

    def progressed(self, stage: str, share: float, /) -> None:
        """An update has come this far."""


class PriceLibrary:
    """What a page may do with the library. Every method answers at once; what is slow is told later."""

    def __init__(self, session: "Session", listener: HearsOfLibrary) -> None:
        self._session, self._listener = session, listener
        self._library = session.rooms.library
        self._groups = GroupsFile(self._library.folder)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="price-library")
        self._is_closed = False

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """What is in the library."""
        return self._session.symbols()

    def deleted(self) -> tuple[SymbolInfo, ...]:
        """What was deleted and can be restored."""
        return self._library.deleted()

    def groups(self) -> SymbolGroups:
        """The groups and sectors; none where their file is damaged, which is told."""
        try:
            return self._groups.read()
        except ValueError as reason:
            self._listener.failed(str(reason))
            return SymbolGroups()

    def ask_curves(self, keys: Sequence[Key]) -> None:
        """Read small curves of these symbols; `curves_read` tells them."""

        def work() -> Callable[[], None]:
            curves = {}
            for symbol, frequency in keys:
                try:
                    closes = self._library.bars(symbol, frequency).close
                except ValueError:
                    continue  # a damaged file has no curve; the page says it in its own place
                places = np.unique(np.linspace(0, len(closes) - 1, CURVE_POINTS).round().astype(np.int64))
                curves[symbol, frequency] = closes[places]
            return lambda: self._listener.curves_read(curves)

        self._submit(work)

    def delete(self, keys: Sequence[Key]) -> None:
        """Take symbols away; they can be restored."""

        def work() -> None:
            for key in keys:
                self._library.remove(*key)

        words = "was deleted; it" if len(keys) == 1 else "were deleted; they"
        self._change(work, f"{_named(keys)} {words} can be restored for {KEPT_DELETED.days} days.")

    def restore(self, keys: Sequence[Key]) -> None:
        """Bring deleted symbols back."""

        def work() -> None:
            for key in keys:
                self._library.restore(*key)

        self._change(work, f"{_named(keys)} {'is' if len(keys) == 1 else 'are'} in the library again.")

    def use_raw(self, key: Key, *, raw: bool) -> None:
        """Let tests run on a symbol's raw, or on its adjusted prices."""
        prices = "raw" if raw else "adjusted"
        sentence = f"Tests run on the {prices} prices of {key[0]} from now on."
        self._change(lambda: self._library.use_raw(*key, raw=raw), sentence)

    def undo_repair(self, key: Key, number: int) -> None:
        """Make a symbol's bars anew without one of its repairs."""
        self._change(lambda: self._library.undo_repair(*key, number), f"One repair of {key[0]} was undone.")

    def keep_group(self, name: str, symbols: Iterable[str]) -> None:
        """Make a group, or give it other symbols."""
        members = tuple(symbols)
        self._change(lambda: self._groups.keep_group(name, members), f"The group '{name.strip()}' was kept.")

    def remove_group(self, name: str) -> None:
        """Take a group away; its symbols stay."""
        self._change(lambda: self._groups.remove_group(name), f"The group '{name}' was removed; its symbols stay.")

    def import_symbol_table(self, path: Path, group: str = "") -> None:
        """Read symbols with their sectors and groups."""

        def work() -> str:
            table = read_symbol_table(path, group)
            self._groups.take(table)
            return f"{path.name} gave {len(table.groups)} groups and the sectors of {len(table.sectors)} symbols."

        self._change(work, "")

    def update(self, infos: Sequence[SymbolInfo]) -> None:
        """Fetch or read these symbols again from where they came from, repaired as before."""

        def work() -> str:
            report = update_symbols(self._library, infos, self._progressed)
            were = "was" if len(report.symbols) == 1 else "were"
            done = f"{_named([(symbol, '') for symbol in report.symbols])} {were} brought up to date."
            return " ".join((done, *report.remarks))

        self._change(work, "")

    def close(self) -> None:
        """End the thread after what it does; the listener is told nothing any more."""
        self._is_closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _progressed(self, stage: str, share: float) -> None:
        self._post(lambda: self._listener.progressed(stage, share))

    def _post(self, call: Callable[[], None]) -> None:
        """Tell the listener, in the owner's thread, if it still listens then."""
        self._session.post(lambda: None if self._is_closed else call())

    def _change(self, change: Callable[[], object], sentence: str) -> None:
        def work() -> Callable[[], None]:
            answer = change()
            told = answer if isinstance(answer, str) else sentence

            self._session.post(self._session.prices_changed)  # whoever asked for it: others show the library too
            return lambda: self._listener.changed(told)

        self._submit(work)

    def _submit(self, work: Callable[[], Callable[[], None]]) -> None:
        answered(self._thread, self._post, work, lambda arrive: arrive(), self._listener.failed)


def update_symbols(
    library: Library, infos: Sequence[SymbolInfo], on_progress: Callable[[str, float], None]
) -> ImportReport:
    """Read or fetch symbols again from where they came from, with their repairs and those that are proposed anew.

    What could not be had, of Yahoo's, is said in the remarks. Raises PricesUnreadable where none of those that come
    from one place can be had; those before them are updated then.
    """
    updated: list[str] = []
    left_out: list[str] = []
    for together in _by_origin(infos):
        origin: dict[str, Any] = json.loads(together[0].origin) if together[0].origin else {}
        wanted = {info.symbol: info for info in together}
        prepared = prepare_again(origin, tuple(wanted), on_progress)
        made = {symbol: [one.repair for one in info.repairs] for symbol, info in wanted.items()}
        chosen = {one.symbol: tuple(dict.fromkeys((*made[one.symbol], *one.proposed))) for one in prepared.symbols}
        updated += library.keep(prepared, chosen).symbols
        left_out += prepared.left_out
    return ImportReport(tuple(updated), remarks=tuple(left_out))


def infos_named(
    infos: Sequence[SymbolInfo], symbols: Sequence[str], frequency: str | None, where: str
) -> list[SymbolInfo]:
    """The symbols of these names, at one frequency or at all; `where` they are looked for, in words.

    Raises PricesUnreadable where one is not there.
    """
    fitting = [info for info in infos if frequency in (None, info.frequency)]
    known = sorted({info.symbol for info in fitting})
    problems = [no_such_symbol(symbol, known, where) for symbol in symbols if symbol not in known]
    if problems:
        raise PricesUnreadable(problems)
    return [info for info in fitting if info.symbol in symbols]


def group_named(groups: SymbolGroups, pool: Sequence[str]) -> str:
    """The name of the group that has exactly these symbols; "" where none has."""
    return next((name for name, symbols in groups.groups.items() if set(symbols) == set(pool)), "")


def _by_origin(infos: Sequence[SymbolInfo]) -> list[list[SymbolInfo]]:
    """Symbols that come from one place are fetched together."""
    found: dict[tuple[str, str], list[SymbolInfo]] = {}
    for info in infos:
        found.setdefault((info.origin, info.source), []).append(info)
    return list(found.values())


def _named(keys: Sequence[Key]) -> str:
    names = [symbol for symbol, _ in keys]
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def read_groups(session: "Session") -> SymbolGroups:
    """The groups and sectors that are kept beside the library; none where their file is damaged."""
    try:
        return GroupsFile(session.rooms.library.folder).read()
    except ValueError:
        return SymbolGroups()
