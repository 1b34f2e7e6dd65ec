"""One import of prices, step by step: what the files hold, what is wrong with it, what is kept.

Everything slow is done in a thread of its own; answers come to the owner's thread, overtaken ones are dropped.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from builder_app.market.importing.calendars import exchange_title, known_exchanges
from builder_app.market.importing.columns import ColumnChoice, choice_for
from builder_app.market.importing.faults import Kind
from builder_app.market.importing.findings import Finding
from builder_app.market.importing.preparing import (
    OnProgress,
    Prepared,
    PreparedSymbol,
    files_origin,
    prepare,
    prepared_sheets,
    sheets_of,
)
from builder_app.market.importing.qlib_folder import is_qlib_folder, prepare_qlib
from builder_app.market.importing.repairs import Action, Repair
from builder_app.market.importing.sheets import SUFFIXES
from builder_app.market.importing.yahoo import INTERVALS as YAHOO_FREQUENCIES
from builder_app.market.importing.yahoo import YahooWish, prepare_yahoo, symbols_in
from builder_app.market.importing.yahoo_package import is_installed as yahoo_is_installed
from builder_app.market.library import ImportCancelled, ImportReport
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.table import MEANINGS, Sheet
from builder_app.session import events
from builder_app.session.disk_trouble import disk_sentence

if TYPE_CHECKING:
    from builder_app.session.session import Session

__all__ = [
    "MEANINGS",
    "SUFFIXES",
    "YAHOO_FREQUENCIES",
    "Action",
    "ColumnChoice",
    "Finding",
    "HearsOfImport",
    "HowToRead",
    "ImportCancelled",
    "ImportReport",
    "Kind",
    "Layout",
    "Look",
    "Prepared",
    "PreparedSymbol",
    "PricesImport",
    "Repair",
    "YahooWish",
    "exchange_title",
    "fetched",
    "is_qlib_folder",
    "known_exchanges",
    "prepared_as",
    "symbols_in",
    "yahoo_is_installed",
]

PREVIEWED: Final = 40
"""So many rows of a sheet are shown."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Sheets with the same column names: how they are read, and the first rows of the first of them."""

    names: tuple[str, ...]
    choice: ColumnChoice
    files: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What an import would bring, and how its sheets were read (none for what is no sheet)."""

    layouts: tuple[Layout, ...]
    prepared: Prepared


class HearsOfImport(Protocol):
    """Who is told how an import goes, in the owner's thread."""

    def progressed(self, stage: str, share: float, /) -> None:
        """It has come this far, 0 to 1."""

    def looked(self, look: Look, /) -> None:
        """The files were read and checked."""

    def kept(self, report: ImportReport, /) -> None:
        """The prices are in the library."""

    def failed(self, sentences: tuple[str, ...], /) -> None:
        """It could not be done, and why; nothing was kept."""


class PricesImport:
    """One import. Every wish overtakes the one before it; `close` ends the thread."""

    def __init__(self, session: "Session", listener: HearsOfImport) -> None:
        self._session, self._listener = session, listener
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prices-import")
        self._generation = 0
        self._stop = threading.Event()
        self.is_busy = False

    def look(
        self,
        paths: Sequence[Path],
        choices: Mapping[tuple[str, ...], ColumnChoice] | None = None,
        exchange: str | None = None,
    ) -> None:
        """Read and check these files or folders. `choices`: how sheets are read, by column names, where corrected.

        `exchange`: the calendar that gaps are looked for in; None: the one each symbol seems to follow, "": none.
        """
        self._start(partial(_look, tuple(paths), dict(choices or {}), exchange), self._listener.looked)

    def fetch(self, wish: YahooWish, exchange: str | None = None) -> None:
        """Fetch and check prices from Yahoo."""

        def work(told: OnProgress) -> Look:
            return Look((), prepare_yahoo(wish, told, exchange=exchange))

        self._start(work, self._listener.looked)

    def keep(self, prepared: Prepared, repairs: Mapping[str, Sequence[Repair]]) -> None:
        """Take what was prepared into the library, with these repairs by symbol."""
        library = self._session.rooms.library

        def work(told: OnProgress) -> ImportReport:
            return library.keep(prepared, dict(repairs), told)

        self._start(work, self._kept)

    def cancel(self) -> None:
        """Stop what is being done; nothing more is told of it."""
        self._generation += 1
        self._stop.set()
        self.is_busy = False

    def close(self) -> None:
        """Stop, and end the thread."""
        self.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _start(self, work: Callable[[OnProgress], Any], done: Callable[[Any], None]) -> None:
        self.cancel()
        self._stop = threading.Event()
        self.is_busy = True
        self._thread.submit(self._run, work, done, (self._generation, self._stop))

    def _run(
        self, work: Callable[[OnProgress], Any], done: Callable[[Any], None], mine: tuple[int, threading.Event]
    ) -> None:
        generation, stop = mine

        def told(stage: str, share: float) -> None:
            if stop.is_set():
                raise ImportCancelled("The import was cancelled; the library is as it was.")
            self._post(generation, partial(self._listener.progressed, stage, share))

        try:
            answer = work(told)
        except ImportCancelled:
            return
        except (ValueError, OSError) as reason:
            sentences = tuple(getattr(reason, "problems", ())) or (_sentence(reason),)
            self._post(generation, partial(self._listener.failed, sentences), ends=True)
        except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
            why = f"{type(reason).__name__}: {reason}"
            sentence = f"The import ended by a fault of this program ({why}); nothing was kept."
            self._post(generation, partial(self._listener.failed, (sentence,)), ends=True)
        else:
            self._post(generation, partial(done, answer), ends=True)

    def _post(self, generation: int, call: Callable[[], None], *, ends: bool = False) -> None:
        def arrive() -> None:
            if generation != self._generation:
                return
            if ends:
                self.is_busy = False
            call()

        self._session.post(arrive)

    def _kept(self, report: ImportReport) -> None:
        self._session.tell(events.PricesImported(report.symbols, report.remarks))
        self._session.prices_changed()
        self._listener.kept(report)


def _look(
    paths: tuple[Path, ...],
    choices: dict[tuple[str, ...], ColumnChoice],
    exchange: str | None,
    told: OnProgress,
) -> Look:
    if len(paths) == 1 and is_qlib_folder(paths[0]):
        return Look((), prepare_qlib(paths[0], told, exchange=exchange))
    sheets, problems = sheets_of(paths, lambda stage, share: told(stage, 0.5 * share))
    layouts = _layouts(sheets, choices)
    found, more = prepared_sheets(
        sheets, choices, lambda stage, share: told(stage, 0.5 + 0.5 * share), exchange=exchange
    )
    names = ", ".join(dict.fromkeys(path.name for path in paths))
    return Look(layouts, Prepared(found, names, (*problems, *more), files_origin(paths, choices)))


@dataclass(frozen=True, slots=True)
class HowToRead:
    """How files are read where they do not show it: what single columns mean by their names ("" leaves one out), and
    what a ColumnChoice says for the whole file."""

    columns: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: str = ""
    zone: str = "UTC"
    stamped: str = "end"


def prepared_as(paths: Sequence[Path], how: HowToRead, told: OnProgress, exchange: str | None = None) -> Prepared:
    """What an import of these files, read in this way, would bring. Raises PricesUnreadable."""
    if len(paths) == 1 and is_qlib_folder(paths[0]):
        return prepare_qlib(paths[0], told, exchange=exchange)
    unknown = sorted(set(how.columns.values()) - {"", *MEANINGS})
    if unknown:
        sentence = f"A column cannot mean '{unknown[0]}'; it may mean {', '.join(MEANINGS)}, or nothing."
        raise PricesUnreadable([sentence])
    if how == HowToRead():
        return prepare(paths, told, exchange=exchange)
    sheets, problems = sheets_of(paths, lambda stage, share: told(stage, 0.3 * share))
    absent = [name for name in how.columns if not any(name in sheet.names for sheet in sheets)]
    if absent and not problems:
        raise PricesUnreadable([f"None of the files has a column named '{absent[0]}'; look at their first lines."])
    choices = {sheet.names: _chosen(sheet, how) for sheet in sheets}
    found, more = prepared_sheets(
        sheets, choices, lambda stage, share: told(stage, 0.3 + 0.7 * share), exchange=exchange
    )
    names = ", ".join(dict.fromkeys(path.name for path in paths))
    return Prepared(found, names, (*problems, *more), files_origin(paths, choices))


def fetched(wish: YahooWish, told: OnProgress, exchange: str | None = None) -> Prepared:
    """What Yahoo gives. Raises PricesUnreadable."""
    return prepare_yahoo(wish, told, exchange=exchange)


def _chosen(sheet: Sheet, how: HowToRead) -> ColumnChoice:
    recognised = choice_for(sheet, {}).meanings
    named = set(how.columns.values()) - {""}
    meanings = tuple(
        how.columns.get(name, "" if meaning in named else meaning)
        for name, meaning in zip(sheet.names, recognised, strict=True)
    )
    return ColumnChoice(meanings, how.day_first, how.decimal, how.zone, how.stamped)


def _layouts(sheets: Sequence[Sheet], choices: Mapping[tuple[str, ...], ColumnChoice]) -> tuple[Layout, ...]:
    found: dict[tuple[str, ...], Layout] = {}
    for sheet in sheets:
        if sheet.names in found:
            known = found[sheet.names]
            found[sheet.names] = replace(known, files=(*known.files, sheet.file))
            continue
        rows = tuple(zip(*(column[:PREVIEWED] for column in sheet.columns), strict=True))
        found[sheet.names] = Layout(sheet.names, choice_for(sheet, choices), (sheet.file,), rows)
    return tuple(found.values())


def _sentence(reason: Exception) -> str:
    return disk_sentence(reason) if isinstance(reason, OSError) else str(reason)
