"""Asking for files and folders, without stopping the program while the strategist looks for them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

from builder_app.session.prices.prices_import import SUFFIXES


def ask_for_file(parent: QWidget, title: str, kinds: str, take: Callable[[Path], None]) -> None:
    """One file that exists."""
    dialog = _dialog(parent, title, kinds, QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda path: take(Path(path)))
    dialog.open()


def ask_where_to_save(parent: QWidget, title: str, suggested: str, take: Callable[[Path], None]) -> None:
    """A file name to write to; the dialog itself asks before one that exists is replaced."""
    dialog = _dialog(parent, title, "", QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(suggested)
    dialog.fileSelected.connect(lambda path: take(Path(path)))
    dialog.open()


def ask_for_folder(parent: QWidget, title: str, take: Callable[[Path], None]) -> None:
    """A folder, which need not exist yet."""
    dialog = _dialog(parent, title, "", QFileDialog.FileMode.AnyFile)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setLabelText(QFileDialog.DialogLabel.FileName, "Folder:")
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Export")
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.fileSelected.connect(lambda path: take(Path(path)))
    dialog.open()


def dropped_files(data: QMimeData) -> tuple[Path, ...]:
    """The files of strategies among what is dragged: *.strategy.zip, flow files, and files of code."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return tuple(path for path in paths if path.name.endswith((".strategy.zip", ".json", ".py")))


def dropped_prices(data: QMimeData) -> tuple[Path, ...]:
    """The files and folders of prices among what is dragged."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return tuple(path for path in paths if path.name.lower().endswith(SUFFIXES) or path.is_dir())


def _dialog(parent: QWidget, title: str, kinds: str, mode: QFileDialog.FileMode) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(Path.home()), kinds)
    dialog.setObjectName("fileDialog")
    dialog.setFileMode(mode)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
