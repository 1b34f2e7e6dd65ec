"""Reports in the window: which file, and writing it whole or not at all, off the window's thread."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton

from builder_app.session.answering import answered
from builder_app.session.report import ReportContent, content_of, equity_csv, excel_file, report_page, trades_csv
from builder_app.session.report.content import tested_flow
from builder_app.session.whole_files import write_whole_bytes
from builder_app.ui.canvas.picture_file import picture_file
from builder_app.ui.canvas.scene import CanvasScene
from builder_app.ui.report import pdf_report
from builder_app.ui.window.files import ask_where_to_save

if TYPE_CHECKING:
    from builder_app.session.drafts.document import Document
    from builder_app.ui.window.main_window import MainWindow

MOST_DRAWN: Final = 200
"""A picture of more blocks than these would be too small to read on paper, and is left out; drawing it takes longer
than the window may stand still."""
_TOO_LARGE: Final = (
    "The picture is not shown: its {:,} blocks would be too small to read. File ▸ Save picture as SVG… writes it whole."
)
_KINDS: Final[dict[str, tuple[str, str, Callable[[ReportContent], bytes]]]] = {
    "report_pdf": ("Report as PDF", ".pdf", pdf_report),
    "report_html": ("Report as HTML", ".html", lambda content: report_page(content).encode("utf-8")),
    "report_excel": ("Result as Excel file", ".xlsx", excel_file),
    "report_trades": ("Trades as CSV", " trades.csv", lambda content: trades_csv(content.result).encode("utf-8")),
    "report_equity": ("Equity as CSV", " equity.csv", lambda content: equity_csv(content.result).encode("utf-8")),
}
"""By the row in the table of actions: the title, how the suggested name ends, and what makes the file."""


class ReportCommands:
    """`theme` draws the picture: light, for paper; the window's own until it is told."""

    def __init__(self, window: "MainWindow") -> None:
        self.window, self.theme = window, window.theme
        self.button = QToolButton()

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each of its rows in the table of actions."""
        return {id: partial(self.ask, id) for id in _KINDS}

    def offer(self) -> None:
        """Put the button of the reports into the results' header, beside what is said there."""
        self.button.setText("Report")
        self.button.setToolTip("Save this result as a report or as tables")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        menu = QMenu(self.button)
        for id in _KINDS:
            menu.addAction(self.window.actions_by_id[id])
        self.button.setMenu(menu)
        self.window.results.header.addWidget(self.button)

    def ask(self, id: str) -> None:
        """Ask for a name, and write the file there."""
        document = self.window.document
        if document is None:
            return
        try:
            content = self._content(document, with_picture=id in ("report_pdf", "report_html"))
        except ValueError as reason:
            self.window.centre.messages.tell(str(reason), stays=True)
            return
        title, ending, make = _KINDS[id]
        name = "".join(" " if letter in '/\\:*?"<>|' else letter for letter in content.name)[:80].strip()
        ask_where_to_save(self.window, f"{title}…", f"{name}{ending}", partial(self._write, make, content))

    def _write(self, make: Callable[[ReportContent], bytes], content: ReportContent, path: Path) -> None:
        tell = self.window.centre.messages.tell
        tell(f"Writing {path.name}…")
        self.button.setEnabled(False)

        def done(size: int) -> None:
            self.button.setEnabled(True)
            tell(f"{path} was written ({max(1, size // 1024):,} kB).")

        def refused(sentence: str) -> None:
            self.button.setEnabled(True)
            tell(sentence, stays=True)

        def work() -> int:
            made = make(content)
            write_whole_bytes(path, made)
            return len(made)

        answered(self.window.session.slow_writes, self.window.session.post, work, done, refused)

    def _content(self, document: "Document", *, with_picture: bool) -> ReportContent:
        catalogue = self.window.session.catalogue
        flow = tested_flow(document)
        if not with_picture or not flow.nodes:
            return content_of(document, catalogue)
        if len(flow.nodes) > MOST_DRAWN:
            return replace(content_of(document, catalogue), no_picture=_TOO_LARGE.format(len(flow.nodes)))
        scene = CanvasScene(catalogue, self.theme)
        scene.show_flow(None, flow)
        picture = picture_file(scene, "svg").decode("utf-8")
        scene.deleteLater()
        return content_of(document, catalogue, picture)
