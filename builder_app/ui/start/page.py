"""The start page: what to do first, what was done last, and examples to begin with."""

import datetime
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from builder_app.flow.templates import Catalogue
from builder_app.ui.start.cards import Card
from builder_app.ui.start.faces import CardFace, ExampleCard, StrategyCard, example_face, strategy_face
from builder_app.ui.start.filter_row import FilterRow
from builder_app.ui.start.grid import CardGrid
from builder_app.ui.start.hints import HintsStrip
from builder_app.ui.start.kind_row import KindRow
from builder_app.ui.start.thumbnails import Thumbnails
from builder_app.ui.start.words import ago
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN, Theme

_WIDEST: Final = 2400
_SIDE: Final = 2 * MARGIN
_ROOM_FOR_PRICES: Final = 760
"""Narrower, the page leaves what is done with prices to the File menu."""


def _local_now() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


class StartPage(QScrollArea):
    """Passive: cards come in by `show_recents` and `show_examples`, wishes go out as signals."""

    new_requested = Signal()
    open_requested = Signal(str)
    example_requested = Signal(str)
    example_wished = Signal(str, str)
    """A CardWish, and the id of the strategy to begin from that it is about."""
    example_delete_requested = Signal(str)
    open_file_requested = Signal()
    import_prices_requested = Signal()
    price_library_requested = Signal()
    import_strategy_requested = Signal()
    wished = Signal(str, str)
    """A CardWish, and the id of the strategy that it is about."""
    filter_changed = Signal(str, str, bool)
    """Part of a name, a tag (or nothing), and whether archived strategies are to be shown."""
    delete_requested = Signal(str)
    hints_dismissed = Signal()

    def __init__(
        self,
        theme: Theme,
        catalogue: Catalogue,
        parent: QWidget | None = None,
        *,
        now: Callable[[], datetime.datetime] = _local_now,
    ) -> None:
        super().__init__(parent)
        self._theme, self._now = theme, now
        self.thumbnails = Thumbnails(theme, catalogue, self)
        self._recents: tuple[StrategyCard, ...] = ()
        self._examples: tuple[ExampleCard, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hints = HintsStrip(self)
        self.hints.dismissed.connect(self.hints_dismissed)
        self.hints.hide()
        self.recents = CardGrid(self)
        self.examples = CardGrid(self)
        self.kinds = KindRow(self)
        self.kinds.changed.connect(self._fill_examples)
        self.no_examples = QLabel(self)
        set_role(self.no_examples, "quiet")
        self.filter = FilterRow(self)
        self.filter.changed.connect(self.filter_changed)
        self.filter.hide()
        self.no_recents = QLabel(self)
        set_role(self.no_recents, "quiet")
        self.setWidget(self._content())

    def show_recents(self, recents: Sequence[StrategyCard]) -> None:
        """Show the user's strategies, the newest first."""
        self._recents = tuple(recents)
        self._fill_recents()  # always: the age in words has moved on

    def show_examples(self, examples: Sequence[ExampleCard]) -> None:
        """Show the strategies to begin from; unchanged ones are left alone."""
        if tuple(examples) != self._examples:
            self._examples = tuple(examples)
            self._fill_examples()

    def show_tags(self, tags: Sequence[str]) -> None:
        """Show these tags as chips above the strategies, the most used first."""
        self.filter.show_tags(tags)

    def show_hints(self, shown: bool) -> None:
        """Show the hints of the first time, or not."""
        self.hints.setVisible(shown)

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Draw the pictures on the cards with these blocks from now on."""
        self.thumbnails.show_catalogue(catalogue)
        for card in (*self.recents.cards, *self.examples.cards):
            card.update()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.thumbnails.set_theme(theme)
        for card in (*self.recents.cards, *self.examples.cards):
            card.set_theme(theme)

    def _fill_recents(self) -> None:
        now = self._now()
        faces = [strategy_face(card, ago(card.edited_at, now)) for card in self._recents]
        self.no_recents.setText(self.filter.empty_words())
        self.no_recents.setVisible(not faces)
        self.filter.setVisible(bool(faces) or self.filter.isVisible() or self.filter.is_narrowing)
        self.recents.setVisible(bool(faces))
        there = self.recents.cards
        focused = next((card.face.id for card in there if card.hasFocus()), None)
        for card, face in zip(there, faces, strict=False):
            card.show_face(face)
        if len(there) != len(faces):
            new = [self._card(face, self.recents) for face in faces[len(there) :]]
            for card in new:
                card.chosen.connect(self.open_requested)
                card.delete_requested.connect(self.delete_requested)
                card.wished.connect(self.wished)
            self.recents.set_cards([*there[: len(faces)], *new])
        for card in self.recents.cards if focused is not None else ():
            if card.face.id == focused and not card.hasFocus():
                card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_examples(self) -> None:
        self.kinds.show_kinds([card.kind for card in self._examples])
        chosen = [card for card in self._examples if self.kinds.lets_through(card)]
        self.no_examples.setText(self.kinds.empty_words())
        self.no_examples.setVisible(not chosen)
        there = {card.face.id: card for card in self.examples.cards}
        shown = []
        for face in map(example_face, chosen):
            card = there.get(face.id)
            if card is None:
                card = self._card(face, self.examples)
                card.chosen.connect(self.example_requested)
                card.delete_requested.connect(self.example_delete_requested)
                card.wished.connect(self.example_wished)
            card.show_face(face)
            shown.append(card)
        self.examples.set_cards(shown)

    def _card(self, face: CardFace, grid: CardGrid) -> Card:
        return Card(face, (self._theme, self.thumbnails), grid, can_delete=grid is self.recents)

    def _content(self) -> QWidget:
        content = QWidget(self)
        column = QWidget(content)
        column.setMaximumWidth(_WIDEST)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(_SIDE, _SIDE, _SIDE, _SIDE)
        layout.setSpacing(GAP_GROUP)
        layout.addLayout(self._actions())
        layout.addSpacing(GAP)
        layout.addWidget(self.hints)
        layout.addSpacing(GAP)
        heading = QHBoxLayout()
        heading.setSpacing(GAP_GROUP)
        heading.addWidget(_section("Your strategies"))
        heading.addWidget(self.filter, 1)
        layout.addLayout(heading)
        layout.addWidget(self.no_recents)
        layout.addWidget(self.recents)
        layout.addSpacing(GAP_GROUP)
        begin = QHBoxLayout()
        begin.setSpacing(GAP_GROUP)
        begin.addWidget(_section("Strategies to begin from"))
        begin.addWidget(self.kinds, 1)
        layout.addLayout(begin)
        layout.addWidget(self.no_examples)
        layout.addWidget(self.examples)
        layout.addStretch(1)
        centred = QHBoxLayout(content)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(1)
        centred.addWidget(column, 1000)
        centred.addStretch(1)
        return content

    def _actions(self) -> QHBoxLayout:
        self.new_button = QPushButton("New strategy", self)
        set_role(self.new_button, "primary")
        self.new_button.setToolTip("Begin with an empty canvas (Ctrl+N)")
        self.open_button = QPushButton("Open file…", self)
        self.open_button.setToolTip("Open a .flow.json file (Ctrl+O)")
        self.import_strategy_button = QPushButton("Import strategy…", self)
        self.import_strategy_button.setToolTip("Take in a strategy from one file, *.strategy.zip")
        self.import_strategy_button.clicked.connect(self.import_strategy_requested)
        self.import_button = QPushButton("Import prices…", self)
        self.import_button.setToolTip("Read prices from CSV, Excel or Parquet files, or from Yahoo")
        self.library_button = QPushButton("Prices…", self)
        self.library_button.setToolTip("The symbols that tests run on, their groups and updates (Ctrl+Alt+P)")
        self.library_button.clicked.connect(self.price_library_requested)
        self.new_button.clicked.connect(self.new_requested)
        self.open_button.clicked.connect(self.open_file_requested)
        self.import_button.clicked.connect(self.import_prices_requested)
        title = QLabel("Strategy Builder", self)
        set_role(title, "title")
        title.setMinimumWidth(1)  # where there is no room, the buttons are what is needed
        layout = QHBoxLayout()
        layout.setSpacing(GAP)
        layout.addWidget(title)
        layout.addStretch(1)
        prices = (self.library_button, self.import_button)
        for button in (*prices, self.import_strategy_button, self.open_button, self.new_button):
            layout.addWidget(button)
        return layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer as many buttons as there is room for."""
        for button in (self.library_button, self.import_button):
            button.setVisible(event.size().width() >= _ROOM_FOR_PRICES)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Up past the end of one grid go to the other; else the page scrolls."""
        steps = {Qt.Key.Key_Down: (self.recents, self.examples, 0), Qt.Key.Key_Up: (self.examples, self.recents, -1)}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.focusWidget() in step[0].cards and step[1].cards:
            target = step[1].cards[step[2]]
            target.setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(target)
            return
        super().keyPressEvent(event)


def _section(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "section")
    return label
