"""A strategist without a mouse: every key goes to where the keyboard is, as the system would send it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui.window.strategist import Strategist

MOST_STEPS = 80


class KeysOnly(Strategist):
    """Presses keys, and sees where they went."""

    def at(self) -> QWidget:
        """Where the keyboard is: an open menu, or the part with the focus."""
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            return popup
        at = QApplication.focusWidget()
        assert at is not None, "the keyboard is nowhere"
        return at

    def keys(self, *presses: str) -> None:
        """Press keys one after the other, for example "Ctrl+Z"."""
        for press in presses:
            at = self.at()
            if isinstance(at, QMenu):
                QTest.keyClick(at, getattr(Qt.Key, f"Key_{press}"))
            else:
                QTest.keySequence(at, press)

    def types(self, text: str) -> None:
        """Type letters."""
        QTest.keyClicks(self.at(), text)

    def writes(self, text: str) -> None:
        """Replace what a field holds."""
        self.keys("Ctrl+A")
        self.types(text)
        self.keys("Return")

    def adds(self, name: str) -> str:
        """Tab, the block's name, Enter; the id of what came."""
        before = set(self.canvas.canvas.picture.faces)
        self.keys("Tab")
        self.types(name)
        self.keys("Return")
        (made,) = set(self.canvas.canvas.picture.faces) - before
        return made

    def does(self, command: str) -> None:
        """Do something by its words: Ctrl+K, the words, Enter."""
        self.keys("Ctrl+K")
        self.sees(self.window.command_palette.search.hasFocus)
        self.types(command)
        self.keys("Return")

    def walks_to(self, node: str) -> None:
        """Go along the wires to a block: first to the left end, then to the right and down."""
        for way in ("Ctrl+Left", "Ctrl+Right", "Ctrl+Down", "Ctrl+Up"):
            for _ in range(MOST_STEPS):
                if self.canvas.selected_nodes() == {node}:
                    return
                before = self.canvas.selected_nodes()
                self.keys(way)
                if before == self.canvas.selected_nodes():
                    break
        assert self.canvas.selected_nodes() == {node}, f"no way leads to '{node}'"

    def tabs_to(self, name: str) -> None:
        """Press Tab until the part of this name has the keyboard."""
        met = []
        for _ in range(MOST_STEPS):
            met.append(self.at().accessibleName())
            if met[-1] == name:
                return
            self.keys("Tab")
        raise AssertionError(f"Tab does not lead to '{name}', but to {met}.")
