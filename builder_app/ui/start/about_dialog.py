"""All about one strategy to begin from: picture, logic in words, parameters, what it did, stars."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from builder_app.flow.values import LogicFlow, StrategyParameter
from builder_app.flow.wording import value_words, words
from builder_app.session.shelf.gallery import CATEGORY_WORDS, GalleryItem
from builder_app.session.shelf.ready_made import ExampleResult
from builder_app.ui.start.curve_picture import paint_curves
from builder_app.ui.start.thumbnails import Thumbnails
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, MARGIN, Theme

_SIZE: Final = (760, 736)
_PICTURE: Final = 220
_CURVE: Final = 120
_MOST_STARS: Final = 5
_FIGURES: Final = (
    ("total_return", "Total return", True),
    ("cagr", "A year", True),
    ("sharpe_ratio", "Sharpe ratio", False),
    ("max_drawdown", "Deepest drawdown", True),
    ("win_rate", "Trades that won", True),
    ("benchmark_return", "The pool, held", True),
)


class AboutDialog(QDialog):
    """Passive and not modal: it is shown a strategy, wishes go out."""

    use_requested = Signal()
    rated = Signal(int)
    favourite_requested = Signal(bool)

    def __init__(self, item: GalleryItem, look: tuple[Theme, Thumbnails], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, thumbnails = look
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(item.name)
        self.resize(*_SIZE)
        self.stars = tuple(self._star(number) for number in range(1, _MOST_STARS + 1))
        self.favourite = QCheckBox("Favourite")
        self.favourite.setToolTip("Show it among your favourites")
        self.favourite.clicked.connect(self.favourite_requested)
        self.used = QLabel()
        set_role(self.used, "quiet")
        self.use_button = QPushButton("Begin with a copy")
        set_role(self.use_button, "primary")
        self.use_button.clicked.connect(self.use_requested)
        self._curve = _Curves(self._theme, item.result)
        self._lay_out(item, _PictureOf(item.flow, thumbnails, self._theme))
        self.show_item(item)

    def show_item(self, item: GalleryItem) -> None:
        """Show what the user and others think of it now."""
        for number, star in enumerate(self.stars, 1):
            star.setText("★" if number <= item.stars else "☆")
        self.favourite.setChecked(item.is_favourite)
        rated = f" · rated {item.rating:.1f} by {item.ratings}" if item.ratings else ""
        times = f"used {item.usage} time{'s' if item.usage != 1 else ''}" if item.usage else "not used yet"
        self.used.setText(f"{CATEGORY_WORDS.get(item.category, item.category)} · {times}{rated}")

    def set_theme(self, theme: Theme) -> None:
        """Draw the dialog in another scheme."""
        self._curve.theme = theme
        self.update()

    def _star(self, number: int) -> QPushButton:
        star = QPushButton("☆")
        set_role(star, "flat")
        star.setAccessibleName(f"{number} star{'s' if number > 1 else ''}")
        star.setToolTip(f"Rate it with {number} of {_MOST_STARS} stars")
        star.setFixedWidth(28)
        star.setAutoDefault(False)
        star.clicked.connect(lambda: self.rated.emit(number))
        return star

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        foot.setSpacing(GAP_SMALL)
        for star in self.stars:
            foot.addWidget(star)
        foot.addSpacing(GAP_GROUP)
        foot.addWidget(self.favourite)
        foot.addStretch(1)
        foot.addWidget(self.use_button)
        return foot

    def _lay_out(self, item: GalleryItem, picture: QWidget) -> None:
        title = QLabel(item.name)
        set_role(title, "title")
        about = _wrapped(item.description)
        parts = QVBoxLayout()
        parts.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        parts.setSpacing(GAP)
        for widget in (title, self.used, picture, about):
            parts.addWidget(widget)
        for heading, content in (
            ("What it does", _wrapped(item.explanation)),
            ("Parameters", _parameters(item.flow)),
            (f"On the sample prices{_dates(item.result)}", _result(item.result, self._curve)),
        ):
            parts.addSpacing(GAP_GROUP - GAP)
            section = QLabel(heading)
            set_role(section, "section")
            parts.addWidget(section)
            parts.addWidget(content)
        parts.addStretch(1)
        content = QWidget()
        content.setLayout(parts)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addLayout(self._foot())


class _PictureOf(QWidget):
    """The strategy's picture, as on its card, larger."""

    def __init__(self, flow: LogicFlow, thumbnails: Thumbnails, theme: Theme) -> None:
        super().__init__()
        self._flow, self._thumbnails, self._theme = flow, thumbnails, theme
        self.setFixedHeight(_PICTURE)
        self.setAccessibleName("Picture of the strategy")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("canvas"))
        drawn = self._thumbnails.of(self, self._flow, QSize(self.width(), _PICTURE))
        if drawn is not None:
            painter.drawPixmap(0, 0, drawn)
        painter.end()


class _Curves(QWidget):
    """What it did, against the benchmark."""

    def __init__(self, theme: Theme, result: ExampleResult | None) -> None:
        super().__init__()
        self.theme, self._result = theme, result
        self.setFixedHeight(_CURVE)
        self.setAccessibleName("Equity of the strategy, and dotted the pool bought and held")

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._result is None or not self._result.curve:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect())
        painter.fillRect(ground, self.theme.color("canvas"))
        paint_curves(painter, ground, self.theme, (self._result.curve, self._result.benchmark), 1.0)
        painter.end()


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _parameters(flow: LogicFlow) -> QWidget:
    """Name, value and range of each strategy parameter."""
    if not flow.parameters:
        return _wrapped("It has no parameters of its own; its blocks can be changed all the same.")
    grid = QWidget()
    lines = QGridLayout(grid)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setHorizontalSpacing(MARGIN)
    lines.setVerticalSpacing(GAP_SMALL)
    for row, (name, parameter) in enumerate(flow.parameters.items()):
        spoken = words(name)
        lines.addWidget(QLabel(spoken[:1].upper() + spoken[1:]), row, 0)
        value = QLabel(value_words(parameter.value))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        lines.addWidget(value, row, 1)
        ranged = QLabel(_range(parameter))
        set_role(ranged, "quiet")
        lines.addWidget(ranged, row, 2)
    lines.setColumnStretch(3, 1)
    return grid


def _range(parameter: StrategyParameter) -> str:
    if parameter.minimum is None or parameter.maximum is None:
        return ""
    step = f", in steps of {value_words(parameter.step)}" if parameter.step else ""
    return f"{value_words(parameter.minimum)} to {value_words(parameter.maximum)}{step}"


def _dates(result: ExampleResult | None) -> str:
    return "" if result is None else f" · {', '.join(result.symbols)} · {result.first_day} to {result.last_day}"


def _result(result: ExampleResult | None, curve: QWidget) -> QWidget:
    """The figures in one row over the curve."""
    if result is None:
        return _wrapped("It was never tested.")
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    row = QHBoxLayout()
    row.setSpacing(MARGIN)
    for name, title, is_percent in _FIGURES:
        if name in result.figures:
            said = _number(result.figures[name], is_percent=is_percent)
            row.addWidget(_figure(title, said.lstrip("+") if name == "win_rate" else said))  # a share is no gain
    row.addWidget(_figure("Trades", f"{result.trades:,}"))
    row.addStretch(1)
    column.addLayout(row)
    column.addWidget(curve)
    return box


def _figure(title: str, value: str) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    head, figure = QLabel(title), QLabel(value)
    set_role(head, "small")
    column.addWidget(head)
    column.addWidget(figure)
    return box


def _number(value: float, *, is_percent: bool) -> str:
    text = f"{value * 100:+,.2f} %" if is_percent else f"{value:+,.2f}"
    return text.replace("-", "−")
