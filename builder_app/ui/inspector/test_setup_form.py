"""How the strategy is tested, as a form: range, pool, money, costs, sizes, order inside a bar."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from builder_app.session import IntrabarOrder, TestConfig
from builder_app.session.prices.price_library import FREQUENCIES, FREQUENCY_TITLES
from builder_app.ui.inspector.date_field import DateField
from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.inspector.number_fields import NumberField
from builder_app.ui.inspector.pool_list import PoolList
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_SMALL, Theme

_CONTROL_WIDTH: Final = 136
_POOL_BENCHMARK: Final = "Pool, held"
_ORDERS: Final = {IntrabarOrder.STOP_FIRST: "Stop first", IntrabarOrder.TARGET_FIRST: "Target first"}
_PERCENT_DIGITS: Final = 10


class TestSetupForm(QWidget):
    """Shows a TestConfig and asks for changed ones. What it has no field for it leaves as it is."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    config_requested = Signal(object)
    """The TestConfig as it should be."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = TestConfig()
        self._symbols: tuple[str, ...] = ()
        self.start_date = DateField(theme, "first price")
        self.end_date = DateField(theme, "last price")
        self.pool = PoolList()
        self.initial_capital = _money()
        self.commission_rate = _number(step=0.01, unit="%", maximum=100.0)
        self.slippage = _number(step=0.01, unit="%", maximum=100.0)
        self.lot_size = _number(step=1.0, unit="shares")
        self.maximum_positions = _number(whole=True, step=1.0)
        self.price_limit = _number(step=1.0, unit="%", maximum=100.0)
        self.maximum_volume_share = _number(step=1.0, unit="%", maximum=100.0)
        self.benchmark = QuietCombo()
        self.frequency = QuietCombo()
        self.intrabar_order = QuietCombo()
        self.message = QLabel()
        for order, words in _ORDERS.items():
            self.intrabar_order.addItem(words, order)
        for frequency in FREQUENCIES:
            self.frequency.addItem(FREQUENCY_TITLES[frequency], frequency)
        self._lay_out()
        self._connect()
        self.show_config(self._config, ())

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP_SMALL)
        grid.setColumnStretch(0, 1)
        for row, (title, field, help_text) in enumerate(self._rows()):
            label = QLabel(title)
            label.setBuddy(field)
            field.setFixedWidth(_CONTROL_WIDTH)
            for widget in (label, field):
                widget.setToolTip(help_text)
            field.setAccessibleName(title)
            field.setAccessibleDescription(help_text)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        set_role(self.message, "loss")
        self.message.setWordWrap(True)
        self.message.hide()
        lines.addLayout(grid)
        lines.addWidget(self.message)
        lines.addWidget(self.pool)

    def _rows(self) -> tuple[tuple[str, QWidget, str], ...]:
        return (
            ("Start", self.start_date, "The first day of the test; empty: the first price there is."),
            ("End", self.end_date, "The last day of the test; empty: the last price there is."),
            ("Bars", self.frequency, "How often there is a bar; longer bars are made of shorter ones that are there."),
            ("Capital", self.initial_capital, "The money at the start."),
            ("Commission", self.commission_rate, "Part of the traded value, on entry and exit."),
            ("Slippage", self.slippage, "How much the price moves against you, on entry and exit."),
            ("Lot size", self.lot_size, "Shares are bought in multiples of this; 0: fractions are allowed."),
            ("Max. positions", self.maximum_positions, "Open at once; 0: as many as the strategy says."),
            (
                "Price limit",
                self.price_limit,
                "An open this far above the close before fills no purchase, one this far below no sale; 0: no limit.",
            ),
            ("Volume share", self.maximum_volume_share, "The most of a bar's volume that an entry may be; 0: any."),
            ("Benchmark", self.benchmark, "What the equity is compared with, bought and held."),
            ("Stop and target", self.intrabar_order, "Which counts when one bar touches both."),
        )

    def _connect(self) -> None:
        numbers = {
            "initial_capital": (self.initial_capital, 1.0),
            "commission_rate": (self.commission_rate, 100.0),
            "slippage": (self.slippage, 100.0),
            "lot_size": (self.lot_size, 1.0),
            "maximum_positions": (self.maximum_positions, 1.0),
            "price_limit": (self.price_limit, 100.0),
            "maximum_volume_share": (self.maximum_volume_share, 100.0),
        }
        for name, (field, factor) in numbers.items():
            field.number_edited.connect(
                lambda value, name=name, factor=factor: self._ask(
                    **{name: value if factor == 1.0 else round(value / factor, _PERCENT_DIGITS + 2)}
                )
            )
        for name, date in (("start_date", self.start_date), ("end_date", self.end_date)):
            date.complained.connect(self._say)
            date.date_edited.connect(lambda day, name=name: self._ask(**{name: day}))
        self.pool.pool_edited.connect(lambda pool: self._ask(stock_pool=pool))
        self.pool.complained.connect(self._say)
        self.benchmark.activated.connect(lambda index: self._ask(benchmark=self.benchmark.itemData(index)))
        self.frequency.activated.connect(lambda index: self._ask(frequency=self.frequency.itemData(index)))
        self.intrabar_order.activated.connect(
            lambda index: self._ask(intrabar_order=self.intrabar_order.itemData(index))
        )

    def show_config(self, config: TestConfig, symbols: Sequence[str]) -> None:
        """Show the configuration; `symbols` are those of the price library."""
        self._config = config
        self.start_date.show_date(config.start_date)
        self.end_date.show_date(config.end_date)
        self.initial_capital.show_number(config.initial_capital)
        self.commission_rate.show_number(round(config.commission_rate * 100, _PERCENT_DIGITS))
        self.slippage.show_number(round(config.slippage * 100, _PERCENT_DIGITS))
        self.lot_size.show_number(config.lot_size, "" if config.lot_size else "fractional")
        self.maximum_positions.show_number(config.maximum_positions, "" if config.maximum_positions else "as drawn")
        for field, share, words in (
            (self.price_limit, config.price_limit, "none"),
            (self.maximum_volume_share, config.maximum_volume_share, "any"),
        ):
            field.show_number(round(share * 100, _PERCENT_DIGITS), "" if share else words)
        if tuple(symbols) != self._symbols or self.benchmark.findData(config.benchmark) < 0:
            self._symbols = tuple(symbols)
            self._fill_benchmarks(config.benchmark)
        self.benchmark.setCurrentIndex(self.benchmark.findData(config.benchmark))
        self.frequency.setCurrentIndex(self.frequency.findData(config.frequency))
        self.intrabar_order.setCurrentIndex(self.intrabar_order.findData(config.intrabar_order))
        self.pool.show_pool(config.stock_pool, symbols)
        self._say("")

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        self.start_date.set_theme(theme)
        self.end_date.set_theme(theme)

    def _fill_benchmarks(self, chosen: str | None) -> None:
        self.benchmark.clear()
        self.benchmark.addItem(_POOL_BENCHMARK, None)
        self.benchmark.setItemData(0, "The pool, equally weighted, bought and held", Qt.ItemDataRole.ToolTipRole)
        for symbol in (*self._symbols, *(() if chosen is None or chosen in self._symbols else (chosen,))):
            self.benchmark.addItem(symbol, symbol)

    def _ask(self, **changes: Any) -> None:
        config = replace(self._config, **changes)
        start, end = config.start_date, config.end_date
        if start is not None and end is not None and start > end:
            self._say(f"The start {start} is after the end {end}; nothing would be tested.")
            return
        self._say("")
        self._config = config
        self.config_requested.emit(config)

    def _say(self, message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))


def _number(
    *, step: float, whole: bool = False, unit: str = "", minimum: float = 0.0, maximum: float | None = None
) -> NumberField:
    field = NumberField(whole=whole)
    field.set_form(minimum, maximum, step, unit)
    return field


def _money() -> NumberField:
    field = NumberField(grouped=True)
    field.set_form(0.01, None, 1000.0)
    field.set_least_digits(2)
    return field
