"""Repairs as data: what is done with which rows, and the one function that does it. The rows given stay as they are."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.market.importing.faults import Kind, faulty
from builder_app.market.prices.checks import Rows
from builder_app.market.prices.reading import bar_times

BoolArray = NDArray[np.bool_]


class Action(StrEnum):
    """What a repair does."""

    LEAVE_OUT = "leave out"
    ZERO = "take the volume as 0"
    EXCHANGE = "exchange high and low"
    WIDEN = "widen high and low"
    KEEP_LAST = "keep the last"
    KEEP_FIRST = "keep the first"
    ADJUST = "adjust what is before"


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair of a symbol's rows: of the rows with this fault, those whose bars are at `times` (UTC nanoseconds).

    `ratio`, for a split: what the prices before are multiplied by.
    """

    kind: Kind
    action: Action
    times: tuple[int, ...] = ()
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class MadeRepair:
    """A repair that was made, with the sentence of the fault, and when."""

    repair: Repair
    sentence: str
    made_at: datetime.datetime = field(
        default_factory=lambda: datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    )

    def to_json(self) -> dict[str, Any]:
        """The repair as JSON; times in ISO form."""
        times = [str(np.datetime64(time, "ns")) for time in self.repair.times]
        return {
            "kind": str(self.repair.kind),
            "action": str(self.repair.action),
            "times": times,
            "ratio": self.repair.ratio,
            "sentence": self.sentence,
            "made_at": self.made_at.isoformat(),
        }


def made_from_json(content: Mapping[str, Any]) -> MadeRepair:
    """What `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    times = tuple(int(np.datetime64(text, "ns").astype(np.int64)) for text in content["times"])
    repair = Repair(Kind(content["kind"]), Action(content["action"]), times, float(content["ratio"]))
    return MadeRepair(repair, str(content["sentence"]), datetime.datetime.fromisoformat(content["made_at"]))


def repaired(rows: Rows, repairs: Sequence[Repair]) -> Rows:
    """The rows after these repairs, made in the order of the kinds of fault whatever order they are given in."""
    for kind in Kind:
        for repair in repairs:
            if repair.kind is kind and repair.action in _MAKERS:
                rows = _MAKERS[repair.action](rows, repair)
    return rows


def kept(rows: Rows, keep: BoolArray) -> Rows:
    """Only these rows."""
    return replace(
        rows,
        file=rows.file[keep],
        lines=rows.lines[keep],
        written=rows.written[keep],
        ahead=rows.ahead[keep],
        values={name: values[keep] for name, values in rows.values.items()},
    )


def _meant(rows: Rows, repair: Repair) -> BoolArray:
    times, _ = bar_times(rows)
    chosen = np.isin(times, np.array(repair.times, dtype=np.int64))
    return chosen & faulty(rows, repair.kind)


def _leave_out(rows: Rows, repair: Repair) -> Rows:
    if repair.kind is Kind.UNREADABLE:
        return replace(rows, faults=())  # such rows never became values
    return kept(rows, ~_meant(rows, repair))


def _zero(rows: Rows, repair: Repair) -> Rows:
    volume = np.where(_meant(rows, repair), 0.0, rows.values["volume"])
    return replace(rows, values={**rows.values, "volume": volume})


def _exchange(rows: Rows, repair: Repair) -> Rows:
    meant, high, low = _meant(rows, repair), rows.values["high"], rows.values["low"]
    exchanged = {"high": np.where(meant, low, high), "low": np.where(meant, high, low)}
    return replace(rows, values={**rows.values, **exchanged})


def _widen(rows: Rows, repair: Repair) -> Rows:
    meant = _meant(rows, repair)
    four = np.stack([rows.values[name] for name in ("open", "high", "low", "close")])
    widened = {
        "high": np.where(meant, four.max(axis=0), rows.values["high"]),
        "low": np.where(meant, four.min(axis=0), rows.values["low"]),
    }
    return replace(rows, values={**rows.values, **widened})


def _keep_one(rows: Rows, repair: Repair) -> Rows:
    """Of the rows with one time keep the first or the last, as they stand in the files."""
    times, _ = bar_times(rows)
    numbers = np.arange(len(times))
    order = np.lexsort((numbers, times))
    in_order = times[order]
    edge = np.ones(len(times), dtype=bool)
    if repair.action is Action.KEEP_LAST:
        edge[:-1] = in_order[1:] != in_order[:-1]
    else:
        edge[1:] = in_order[1:] != in_order[:-1]
    keep = np.zeros(len(times), dtype=bool)
    keep[order[edge]] = True
    return kept(rows, keep | ~_meant(rows, repair))


def _adjust(rows: Rows, repair: Repair) -> Rows:
    """Scale the prices before the split; the prices of the file stay as they are beside the adjusted close."""
    times, _ = bar_times(rows)
    adjusted = rows.values.get("adjusted", rows.values["close"])
    before = times < min(repair.times)
    return replace(rows, values={**rows.values, "adjusted": np.where(before, adjusted * repair.ratio, adjusted)})


_MAKERS: Final[Mapping[Action, Callable[[Rows, Repair], Rows]]] = {
    Action.LEAVE_OUT: _leave_out,
    Action.ZERO: _zero,
    Action.EXCHANGE: _exchange,
    Action.WIDEN: _widen,
    Action.KEEP_LAST: _keep_one,
    Action.KEEP_FIRST: _keep_one,
    Action.ADJUST: _adjust,
}
