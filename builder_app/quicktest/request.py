"""The values that go into a quick test and come out of it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from builder_app.market.prices.panel import FloatArray, Panel

from .engine.replay import Replay
from .engine.signals_check import SignalsCheck


class IntrabarOrder(StrEnum):
    """Which of stop and target counts when a bar touches both."""

    STOP_FIRST = "stop_first"
    TARGET_FIRST = "target_first"


@dataclass(frozen=True, slots=True)
class TestConfig:
    """How a test is run: `quick_tests.test_config`. Rates are fractions (0.001 is 0.1 %), money is in one currency.

    `stock_pool` empty: every symbol of the library's sample. Dates are inclusive; None: as far as the prices go.
    `benchmark` None: the pool, equally weighted, bought and held. `lot_size` 0: fractional shares.
    `maximum_positions` 0: as many as the strategy says. `price_limit`: how far, as a fraction, an open may be from the
    close before until it fills no more purchases (above) or sales (below); 0: no limit. `maximum_volume_share`: the
    fraction of a bar's volume that an entry may be; 0: no limit.
    """

    __test__ = False  # the name begins with Test, and pytest would collect it

    start_date: datetime.date | None = None
    end_date: datetime.date | None = None
    stock_pool: tuple[str, ...] = ()
    initial_capital: float = 100_000.0
    commission_rate: float = 0.001
    slippage: float = 0.0005
    benchmark: str | None = None
    frequency: str = "daily"
    minimum_commission: float = 0.0
    sell_tax_rate: float = 0.0
    lot_size: float = 0.0
    maximum_positions: int = 0
    intrabar_order: IntrabarOrder = IntrabarOrder.STOP_FIRST
    seed: int = 0
    price_limit: float = 0.0
    maximum_volume_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """Which variables of a text are wanted, where nothing is traded: those of one symbol, of so many of the last bars.

    `is_alone`: the text compares no symbols, so that the others need not be worked out.
    """

    symbol: str
    bars: int
    is_alone: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RunRequest:
    """One test to run: the strategy's text, its configuration, and the prices cut to the configured range."""

    source: str
    config: TestConfig
    panel: Panel
    time_limit: float = 60.0
    """Seconds that the signals worker may take."""
    checks_signals: bool = False
    """Whether to look for look-ahead and warm-up, too: a dozen more calls of the strategy's functions."""
    look: Look | None = None
    """What `Runner.values` is asked for."""


@dataclass(frozen=True, slots=True)
class Trade:
    """One round trip. Bars are indices into the panel's times; prices include slippage; `pnl` is after all costs.

    `direction` is +1 long, −1 short; `exit_reason` is one of signal, stop, trailing stop, break even, target, time,
    rebalance, daily loss, end of test. A position sold in parts is a trade for each part. `ambiguous`: its last bar
    touched stop and target. `return_fraction` is pnl over the entry's traded value. The excursions are the best and
    the worst price while it was held, as fractions of its first fill: ≥ 0 and ≤ 0.
    """

    symbol: str
    direction: int
    quantity: float
    entry_bar: int
    entry_price: float
    exit_bar: int
    exit_price: float
    exit_reason: str
    pnl: float
    costs: float
    return_fraction: float
    ambiguous: bool = False
    leg: int = 0
    favourable_excursion: float = 0.0
    adverse_excursion: float = 0.0


@dataclass(frozen=True, slots=True)
class Rejection:
    """An entry that was asked for and not filled, and why; `leg` as in a trade."""

    symbol: str
    bar: int
    direction: int
    reason: str
    leg: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A test with ambiguous bars read the other way: equity at each close, shape (bars,), trades, entries refused."""

    equity: FloatArray
    trades: Sequence[Trade]
    rejections: int


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """What a test found. Arrays have shape (bars,); `equity` is money at each close; `drawdown` ≤ 0 as a fraction.

    `metrics` holds the numbers by the names of `quicktest.metrics.DEFINITIONS`; NaN where a metric has no value.
    `traces` holds, per name in the text, the last values a step had (for sparklines), shape (bars, symbols).
    """

    times: NDArray[np.datetime64]
    equity: FloatArray
    benchmark: FloatArray
    drawdown: FloatArray
    trades: Sequence[Trade]
    rejections: Sequence[Rejection]
    metrics: Mapping[str, float]
    code_hash: str
    data_fingerprint: str
    seconds: float
    symbols: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences for the strategist: ambiguous bars, rejected entries, few trades."""
    traces: Mapping[str, FloatArray] = field(default_factory=dict)
    lower: Mapping[str, float] = field(default_factory=dict)
    """Each metric's smaller value of the two readings of ambiguous bars, the stop first and the targets first."""
    upper: Mapping[str, float] = field(default_factory=dict)
    """The larger one; both are the metric itself where no bar was ambiguous, and empty for results of old tests."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """What made the result, by name: the engine (a hash of its files), Python and the libraries under it."""
    seed: int = 0
    check: SignalsCheck | None = None
    """What the check of the signals found, where one was asked for; its sentences are among the notes."""
    long: FloatArray | None = None
    """What the long positions are worth at each close, in money; None for results of old tests."""
    short: FloatArray | None = None
    """What the short ones are, above zero."""
    read_otherwise: Reading | None = None
    """The other reading of ambiguous bars; None where no bar was ambiguous, and for results of old tests."""
    replay: Replay | None = None
    """Where stops and targets stood; None for a result that was kept and is read again."""


class FailureKind(StrEnum):
    """Why a test gave no result."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    WORKER_LOST = "worker_lost"
    STRATEGY_ERROR = "strategy_error"
    BAD_ANSWER = "bad_answer"
    BAD_REQUEST = "bad_request"


@dataclass(frozen=True, slots=True)
class RunFailure:
    """A test that gave no result: one whole sentence, and the line of the text where one is to blame (0: none)."""

    kind: FailureKind
    message: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a test has come: the stage in words, the share done (0–1), and the date reached where there is one."""

    stage: str
    share: float
    date: datetime.date | None = None
