"""The part of gathering that is about limits on all positions together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from builder_app.codegen.expressions import Constant, Expression, Fixed
from builder_app.codegen.plan import Draft, Limit, PortfolioRule, Setting
from builder_app.codegen.recipes.arguments import number_of, numbers_in

MAXIMUM_POSITIONS: Final = "maximum_positions"
_KEYS: Final[Mapping[str, str]] = {
    "drawdown_halt": "percent",
    "daily_loss": "percent",
    "maximum_turnover": "percent",
    "correlation_cap": "correlation",
    "sector_cap": "percent",
}
"""What RULES calls the number of a limit that says more than a number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A limit that a block asks for, over these legs."""

    limit: Limit
    legs: frozenset[str]


def limit_from(draft: Draft, node: str, kind: str, keywords: Mapping[str, Expression]) -> Limit:
    """The limit that `portfolio(…, kind=value, more=…)` says."""
    value = plain_number(draft, node, keywords[kind], "its limit")
    more = tuple((name, _setting(draft, node, name, given)) for name, given in keywords.items() if name != kind)
    return Limit((node,), kind, _KEYS.get(kind, ""), value, more)


def plain_number(draft: Draft, node: str, value: Expression, what: str) -> Expression:
    """The value, which must be a number, a strategy parameter or a formula over some."""
    if not isinstance(value, Fixed):
        message = f"{what} must be a number or a strategy parameter; it cannot change from bar to bar."
        raise draft.refuse(node, "target-cannot-say", message, "Set a number in the block.")
    return value


def portfolio_rule(draft: Draft, asked: list[Asked], everything: frozenset[str]) -> PortfolioRule | None:
    """The limits that hold for all legs. One over some legs only cannot be said, unless a tighter one covers it."""
    if not asked:
        return None
    chosen: dict[str, Limit] = {}
    for kind in dict.fromkeys(one.limit.kind for one in asked):
        same = [one for one in asked if one.limit.kind == kind]
        over_all = [one.limit for one in same if one.legs == everything]
        tightest = _tightest(draft, over_all) if over_all else None
        for one in same:
            if one.legs != everything and (tightest is None or not _covers(draft, tightest, one.limit)):
                message = "it limits some of the positions only; a limit can be said for all of them together."
                raise draft.refuse(one.limit.nodes[0], "target-cannot-say", message, "Wire every position into it.")
        if tightest is not None:
            nodes = tuple(dict.fromkeys(node for one in same for node in one.limit.nodes))
            chosen[kind] = Limit(nodes, kind, tightest.key, tightest.value, tightest.more)
    positions = chosen.pop(MAXIMUM_POSITIONS, None)
    nodes = tuple(dict.fromkeys(node for one in asked for node in one.limit.nodes))
    own = positions.nodes if positions else nodes
    return PortfolioRule(own, positions.value if positions else None, tuple(chosen.values()))


def _setting(draft: Draft, node: str, name: str, given: Expression) -> Setting:
    if name == "close":
        return isinstance(given, Constant) and given.value is True
    if name == "sectors":
        return sectors(draft, node, given)
    bars = plain_number(draft, node, given, "the number of bars")
    return None if isinstance(bars, Constant) and bars.value == 0 else bars


def sectors(draft: Draft, node: str, given: Expression) -> tuple[tuple[str, str], ...]:
    """`AAPL: Technology, XOM: Energy` as pairs; one symbol a line will do as well."""
    if not isinstance(given, Constant) or not isinstance(given.value, str):
        raise draft.refuse(node, "parameter", "its table of sectors must be written in the block, as a text.")
    found: dict[str, str] = {}
    for entry in given.value.replace("\n", ",").replace(";", ",").split(","):
        if not entry.strip():
            continue
        symbol, colon, sector = (part.strip() for part in entry.partition(":"))
        if not (symbol and colon and sector) or symbol in found:
            message = (
                f"its table of sectors has the entry '{entry.strip()[:40]}', which is not one symbol and its sector."
            )
            raise draft.refuse(node, "parameter", message, "Write each symbol once, like AAPL: Technology.")
        found[symbol] = sector
    if not found:
        message = "its table of sectors is empty; every symbol would be a sector of its own."
        raise draft.refuse(node, "parameter", message, "Write each symbol with its sector, like AAPL: Technology.")
    return tuple(sorted(found.items()))


def _tightest(draft: Draft, limits: list[Limit]) -> Limit:
    different = list(dict.fromkeys((limit.value, limit.more) for limit in limits))
    if len(different) == 1:
        return limits[0]
    if any(limit.more for limit in limits) or not all(isinstance(limit.value, Constant) for limit in limits):
        message = "there are several such limits, which differ in more than a number."
        if not any(limit.more for limit in limits):
            message = "there are several limits, and one of them is taken from strategy parameters."
        raise draft.refuse(limits[-1].nodes[0], "target-cannot-say", message, "Keep one of the limits.")
    return min(limits, key=lambda limit: _number(draft, limit.value))


def _covers(draft: Draft, one: Limit, other: Limit) -> bool:
    """Whether keeping to the one keeps to the other as well."""
    return one.more == other.more and _number(draft, one.value) <= _number(draft, other.value)


def _number(draft: Draft, value: Expression) -> float:
    return float(number_of(value, numbers_in(draft.flow)) or 0.0)
