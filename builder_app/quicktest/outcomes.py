"""What the engine found, as the result that leaves this room; trades are made when somebody looks at them."""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .engine.backtest import Outcome
from .engine.prices import Pool
from .engine.records import TradeRecord
from .engine.signals_check import SignalsCheck
from .engine.simulate import Simulation
from .exported import versions
from .on_demand import OnDemand
from .request import Reading, Rejection, RunRequest, RunResult, Trade


def result_of(
    request: RunRequest,
    found: tuple[Pool, Outcome],
    traces: Mapping[str, NDArray[np.float64]],
    said: tuple[tuple[str, ...], SignalsCheck | None],
    seconds: float,
) -> RunResult:
    """The result of a request; `found`: the pool and what the engine made of it, `said`: notes on the worker's lock
    and what the check of the signals found."""
    pool, outcome = found
    notes, check = said
    return RunResult(
        times=pool.times,
        equity=outcome.equity,
        benchmark=outcome.benchmark,
        drawdown=outcome.drawdown,
        trades=OnDemand(outcome.trades, trade_of),
        rejections=OnDemand(outcome.rejections, lambda r: Rejection(r.symbol, r.bar, r.direction, r.reason, r.leg)),
        metrics=outcome.metrics,
        code_hash=hashlib.sha256(request.source.encode()).hexdigest(),
        data_fingerprint=request.panel.fingerprint,
        seconds=seconds,
        symbols=pool.symbols,
        notes=(*outcome.notes, *(check.sentences if check else ()), *notes),
        traces=traces,
        lower=outcome.lower,
        upper=outcome.upper,
        versions=versions(),
        seed=request.config.seed,
        check=check,
        long=outcome.long,
        short=outcome.short,
        read_otherwise=_reading(outcome.read_otherwise),
        replay=outcome.replay,
    )


def _reading(simulation: Simulation | None) -> Reading | None:
    if simulation is None:
        return None
    return Reading(simulation.equity, OnDemand(simulation.trades, trade_of), simulation.rejections.total)


def trade_of(record: TradeRecord) -> Trade:
    """The engine's trade as the room's."""
    return Trade(
        symbol=record.symbol,
        direction=record.direction,
        quantity=record.quantity,
        entry_bar=record.entry_bar,
        entry_price=record.entry_price,
        exit_bar=record.exit_bar,
        exit_price=record.exit_price,
        exit_reason=record.exit_reason,
        pnl=record.pnl,
        costs=record.costs,
        return_fraction=record.return_fraction,
        ambiguous=record.ambiguous,
        leg=record.leg,
        favourable_excursion=record.favourable_excursion,
        adverse_excursion=record.adverse_excursion,
    )
