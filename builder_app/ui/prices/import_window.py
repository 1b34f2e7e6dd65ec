"""The import assistant: what the files hold, what is wrong with it, and taking it in."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QProgressBar, QPushButton, QStackedWidget, QWidget

from builder_app.session.prices.prices_import import (
    SUFFIXES,
    ColumnChoice,
    ImportReport,
    Layout,
    Look,
    PricesImport,
    YahooWish,
    is_qlib_folder,
)
from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.prices.drop_page import DropPage
from builder_app.ui.prices.findings_list import FindingsList
from builder_app.ui.prices.import_places import lay_out
from builder_app.ui.prices.preview_table import PreviewTable
from builder_app.ui.prices.reading_options import ReadingOptions
from builder_app.ui.prices.words import counted, open_errors, summary
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session.session import Session

_SIZE: Final = (1080, 720)
_KINDS: Final = "Prices (" + " ".join(f"*{suffix}" for suffix in SUFFIXES) + ")"
_DROP, _LOOK = range(2)
_LEAST_SHOWN_MS: Final = 150
"""Work that is over before the eye sees a bar move shows none."""


class ImportWindow(QDialog):
    """One import after another; nothing slow happens here."""

    imported = Signal(object)
    """An ImportReport: the prices are in the library."""

    def __init__(self, session: "Session", theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import prices")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.resize(*_SIZE)
        self.importing = PricesImport(session, self)
        self.look: Look | None = None
        self._paths: tuple[Path, ...] = ()
        self._wish: YahooWish | None = None
        self._choices: dict[tuple[str, ...], ColumnChoice] = {}
        self._exchange: str | None = None
        self._is_keeping = False
        self.drop = DropPage(theme)
        self.layouts = QuietCombo()
        self.preview = PreviewTable(theme)
        self.options = ReadingOptions()
        self.findings = FindingsList(theme)
        self.source, self.nothing_found, self.message, self.totals, self.stage = (QLabel() for _ in range(5))
        self.progress = QProgressBar()
        self.other_files, self.cancel = QPushButton("Other files…"), QPushButton("Cancel")
        self.take = QPushButton("Import")
        self.pages = QStackedWidget()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LEAST_SHOWN_MS)
        lay_out(self)
        self._say("")
        self._connect()
        self._show_busy(busy=False)

    # -- what is told ---------------------------------------------------------------------------------------------

    def progressed(self, stage: str, share: float, /) -> None:
        """Show how far it has come."""
        self.stage.setText(stage)
        self.progress.setValue(round(share * 1000))

    def looked(self, look: Look, /) -> None:
        """Show what the files hold and what was found."""
        self.look = look
        self._show_busy(busy=False)
        self.pages.setCurrentIndex(_LOOK)
        self.source.setText(look.prepared.source)
        self._show_layouts(look.layouts)
        self.findings.show_findings(look.prepared.findings)
        has_findings = bool(look.prepared.findings)
        self.findings.setVisible(has_findings)
        sound = "Nothing wrong was found in these prices." if look.prepared.symbols else ""
        self.nothing_found.setText(sound)
        self.nothing_found.setVisible(not has_findings)
        self._say(_some((*look.prepared.problems, *look.prepared.left_out)))
        self._show_totals()

    def kept(self, report: ImportReport, /) -> None:
        """The prices are in the library: nothing is left to do here."""
        self._is_keeping = False
        self._show_busy(busy=False)
        self.imported.emit(report)
        self.close()

    def failed(self, sentences: tuple[str, ...], /) -> None:
        """Say why it could not be done."""
        self._is_keeping = False
        self._show_busy(busy=False)
        self._say(_some(sentences))
        self._show_totals()

    # -- wishes ---------------------------------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Look at these files or folders."""
        self._paths, self._wish, self._choices = tuple(paths), None, {}
        self._look_again()

    def fetch(self, wish: YahooWish) -> None:
        """Fetch from Yahoo."""
        self._paths, self._wish, self._choices = (), wish, {}
        self._look_again()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        for part in (self.drop, self.preview, self.findings):
            part.set_theme(theme)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders of prices may be dropped anywhere on the window."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        self.open_paths(_dropped(event))
        event.acceptProposedAction()

    def done(self, result: int) -> None:
        """What is being read is not needed any more; what is being kept is kept or not, never in part."""
        self.importing.close()
        super().done(result)

    # -- parts ----------------------------------------------------------------------------------------------------

    def _look_again(self) -> None:
        self._say("")
        self._show_busy(busy=True)
        if self._wish is not None:
            self.importing.fetch(self._wish, self._exchange)
        else:
            self.importing.look(self._paths, self._choices, self._exchange)

    def _take(self) -> None:
        if self.look is not None:
            self._is_keeping = True
            self._show_busy(busy=True)
            self.importing.keep(self.look.prepared, self.findings.chosen())

    def _cancel(self) -> None:
        if not self.importing.is_busy:
            self.close()
            return
        self.importing.cancel()
        self._show_busy(busy=False)
        words = "The import was cancelled; the library is as it was." if self._is_keeping else "Reading was stopped."
        self._is_keeping = False
        self._say(words)
        self._show_totals()

    def _show_layouts(self, layouts: Sequence[Layout]) -> None:
        chosen = max(self.layouts.currentIndex(), 0) if self.layouts.count() == len(layouts) else 0
        self.layouts.clear()
        for layout in layouts:
            more = len(layout.files) - 1
            self.layouts.addItem(layout.files[0] + (f" and {counted(more, 'more file')}" if more else ""))
        for widget in (self.preview, self.options):
            widget.setVisible(bool(layouts))
        self.layouts.setVisible(len(layouts) > 1)
        if layouts:
            self.layouts.setCurrentIndex(chosen)
            self._show_layout(chosen)

    def _show_layout(self, place: int) -> None:
        if self.look is not None and 0 <= place < len(self.look.layouts):
            layout = self.look.layouts[place]
            self.preview.show_layout(layout)
            self.options.show_choice(layout.choice)

    def _choose(self, choice: ColumnChoice) -> None:
        if self.look is None or not self.look.layouts:
            return
        layout = self.look.layouts[max(self.layouts.currentIndex(), 0)]
        self._choices[layout.names] = replace(choice, meanings=choice.meanings or layout.choice.meanings)
        self._look_again()

    def _choose_meanings(self, meanings: tuple[str, ...]) -> None:
        if self.look is not None and self.look.layouts:
            layout = self.look.layouts[max(self.layouts.currentIndex(), 0)]
            self._choose(replace(layout.choice, meanings=meanings))

    def _choose_exchange(self, exchange: str | None) -> None:
        self._exchange = exchange
        self._look_again()

    def _show_totals(self) -> None:
        if self.look is None:
            self.totals.clear()
            self.take.setEnabled(False)
            return
        prepared = self.look.prepared
        left = open_errors(prepared.findings, self.findings.errors_repaired())
        can = bool(prepared.symbols) and not prepared.problems and not left and not self.importing.is_busy
        self.take.setEnabled(can)
        self.totals.setText("   ".join(filter(None, (summary(prepared), left))))

    def _show_busy(self, *, busy: bool) -> None:
        self.take.setEnabled(False)
        self.cancel.setText("Cancel" if busy else "Close")
        if busy:
            self.progress.setValue(0)
            self.stage.setText("")
            self._late.start()
        else:
            self._late.stop()
            self.progress.hide()
            self.stage.clear()
        self.totals.setVisible(not busy)
        for widget in (self.preview, self.options, self.findings, self.layouts, self.other_files, self.drop):
            widget.setEnabled(not busy)
        if not busy:
            self._show_totals()

    def _say(self, message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))

    def _ask_for_files(self) -> None:
        dialog = QFileDialog(self, "Choose price files", str(Path.home()), _KINDS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.open_paths([Path(path) for path in paths]))
        self._open(dialog)

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, "Choose a folder of prices", str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda paths: self.open_paths([Path(path) for path in paths]))
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setObjectName("fileDialog")
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _connect(self) -> None:
        self.drop.files_requested.connect(self._ask_for_files)
        self.drop.folder_requested.connect(self._ask_for_folder)
        self.drop.fetch_requested.connect(self.fetch)
        self.drop.complained.connect(self._say)
        self.layouts.activated.connect(self._show_layout)
        self.preview.meanings_requested.connect(self._choose_meanings)
        self.options.choice_requested.connect(self._choose)
        self.options.exchange_requested.connect(self._choose_exchange)
        self.findings.repairs_changed.connect(self._show_totals)
        self.other_files.clicked.connect(self._ask_for_files)
        self.cancel.clicked.connect(self._cancel)
        self.take.clicked.connect(self._take)
        self._late.timeout.connect(self.progress.show)


def _some(sentences: Sequence[str]) -> str:
    """The first sentences, and how many more there are."""
    more = len(sentences) - 3
    return "\n".join([*sentences[:3], *([f"… and {counted(more, 'more sentence')} like these."] if more > 0 else [])])


def _dropped(event: QDropEvent) -> tuple[Path, ...]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return tuple(
        path for path in paths if path.name.lower().endswith(SUFFIXES) or path.is_dir() or is_qlib_folder(path)
    )
