"""The colours of a program's words, of lines that are exchanged one by one."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from builder_app.ui.code.changes import Replacement
from builder_app.ui.code.words import Stretches
from builder_app.ui.theme import Theme

_TOKENS: Final = ("code_keyword", "code_string", "code_number", "code_comment", "code_name")


class PythonColours(QSyntaxHighlighter):
    """Colours the document by stretches that were found in the whole text at once (strings may span lines)."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._found: list[Stretches] = []
        self._formats: dict[str, QTextCharFormat] = {}
        self.take_theme(theme)

    def take_theme(self, theme: Theme) -> None:
        """Use another scheme's colours from the next `rehighlight` on."""
        for token in _TOKENS:
            form = QTextCharFormat()
            form.setForeground(theme.color(token))
            self._formats[token] = form

    def take_lines(self, run: Replacement, found: Sequence[Stretches]) -> None:
        """Learn the stretches of the lines that the document is about to exchange."""
        self._found[run.first : run.last] = found

    def take_all(self, found: list[Stretches]) -> list[int]:
        """Learn those of the whole text; the answer is the 0-based lines whose colours differ from what they were
        (Qt itself asks for those of exchanged lines)."""
        before, self._found = self._found, found
        pairs = enumerate(zip(before, found, strict=False))
        return [line for line, (old, new) in pairs if old is not new and old != new]

    def highlightBlock(self, _text: str) -> None:
        """Called by Qt for each line."""
        line = self.currentBlock().blockNumber()
        for start, length, token in self._found[line] if line < len(self._found) else ():
            self.setFormat(start, length, self._formats[token])
