"""What a target can say of each rule: equal to the quick test, different and why, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """How a target's engine keeps a rule, compared with the quick test."""

    EQUAL = "equal"
    DIFFERS = "differs"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict; for all but EQUAL the reason, a clause that can follow "because"."""

    verdict: Verdict
    because: str = ""


EQUAL: Final = Said(Verdict.EQUAL)


def differs(because: str) -> Said:
    """The engine does it in another way, which the file's header says."""
    return Said(Verdict.DIFFERS, because)


def refused(because: str) -> Said:
    """No file is written for a flow that asks for it; a set-up that asks for it is not run."""
    return Said(Verdict.REFUSED, because)


def verdicts(equal: str, different: Mapping[str, str], refusals: Mapping[str, str]) -> Mapping[str, Said]:
    """A target's answers: names of rules that are equal, and for the others reason → names, in words between spaces."""
    said = dict.fromkeys(equal.split(), EQUAL)
    for reasons, verdict in ((different, differs), (refusals, refused)):
        for reason, names in reasons.items():
            said |= dict.fromkeys(names.split(), verdict(reason))
    return said


class Scope(StrEnum):
    """Where a rule comes from."""

    FLOW = "flow"
    """A block of the flow asks for it."""
    ENGINE = "engine"
    """It holds in every quick test."""
    SET_UP = "set-up"
    """An entry of the test set-up (of that name) asks for it, where it is not at its neutral value."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table. `only_with` names flow rules; an engine rule concerns only flows that use one of them."""

    title: str
    scope: Scope
    only_with: tuple[str, ...] = ()


STOPS: Final = (
    "stop_percent",
    "stop_distance",
    "stop_price",
    "stop_level",
    "trailing_percent",
    "trailing_distance",
    "trailing_moving_distance",
    "break_even",
)
TARGETS: Final = ("target_percent", "target_distance", "target_price", "target_risk")
LEVELS: Final = (*STOPS, *TARGETS)

_FLOW: Final = {
    "long": "Long positions",
    "short": "Short positions",
    "both_ways": "Long and short in one position block",
    "both_ways_percent": "Long and short, sized in percent",
    "strength": "Entries filled by strength",
    "several_legs": "Several position blocks",
    "size_shares": "Size: shares",
    "size_cash": "Size: cash",
    "size_percent_of_equity": "Size: percent of equity",
    "size_series": "Size: a value per bar",
    "size_risk_percent": "Size: risk per trade",
    "size_kelly": "Size: Kelly fraction",
    "size_maximum": "Size: at most so much",
    "stop_percent": "Stop: percent",
    "stop_distance": "Stop: distance (amount, ATR)",
    "stop_price": "Stop: price of the decision",
    "stop_level": "Stop: level that follows a series",
    "trailing_percent": "Trailing stop: percent",
    "trailing_distance": "Trailing stop: distance",
    "trailing_moving_distance": "Trailing stop: moving distance",
    "break_even": "Break-even stop",
    "stop_and_trailing": "Stop and trailing stop together",
    "time_stop": "Time stop",
    "target_percent": "Target: percent",
    "target_distance": "Target: distance (amount, ATR)",
    "target_price": "Target: price of the decision",
    "target_risk": "Target: multiple of the risk",
    "target_part": "Target in parts",
    "cooldown": "Cooldown after an exit",
    "rebalance": "Rebalancing",
    "maximum_positions": "Maximum positions",
    "maximum_weight": "Weight per symbol",
    "maximum_gross_exposure": "Gross exposure",
    "maximum_net_exposure": "Net exposure",
    "drawdown_halt": "Drawdown halt",
    "daily_loss": "Daily loss",
    "maximum_turnover": "Turnover",
    "correlation_cap": "Correlation cap",
    "sector_cap": "Sector cap",
    "across_symbols": "Blocks that look across symbols",
}
_ENGINE: Final = {
    "fill_at_open": Rule("Filled at the next bar's open", Scope.ENGINE),
    "first_bar": Rule("The first bar's close may decide", Scope.ENGINE),
    "exit_before_stop": Rule("An exit order fills before a stop in its bar", Scope.ENGINE, STOPS),
    "entry_bar": Rule("Stops and targets live in the entry bar", Scope.ENGINE, LEVELS),
    "gap_through_level": Rule("A level that is opened beyond fills at the open", Scope.ENGINE, LEVELS),
    "ambiguous_bar": Rule("Stop and target in one bar: the stop", Scope.ENGINE, TARGETS),
    "shared_cash": Rule("Symbols share the cash", Scope.ENGINE),
    "refused_whole": Rule("Without enough cash an entry is refused whole", Scope.ENGINE),
    "short_margin": Rule("Shorts hold back their value", Scope.ENGINE, ("short",)),
    "missing_bars": Rule("Missing bars are gaps", Scope.ENGINE),
    "end_of_test": Rule("Open positions at the end: last close", Scope.ENGINE),
    "exact_prices": Rule("Prices are kept to the last digit", Scope.ENGINE),
}
_SET_UP: Final = {
    "slippage": "Slippage",
    "commission_rate": "Commission",
    "minimum_commission": "Minimum commission",
    "sell_tax_rate": "Sell tax",
    "lot_size": "Lot size (0: fractional shares)",
    "intrabar_order": "Target before stop in one bar",
    "price_limit": "Price limit",
    "maximum_volume_share": "Maximum share of a bar's volume",
}
RULES: Final[Mapping[str, Rule]] = {
    **{name: Rule(title, Scope.FLOW) for name, title in _FLOW.items()},
    **_ENGINE,
    **{name: Rule(title, Scope.SET_UP) for name, title in _SET_UP.items()},
}
"""Every rule of the quick test, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Target:
    """One engine that a flow can be written for.

    `says` answers for every rule; `pieces` are the files in adapters/ that stand behind the strategy in the text;
    `requirements` is what the written file needs installed.
    """

    name: str
    title: str
    requirements: tuple[str, ...]
    licence: str
    pieces: tuple[str, ...]
    says: Mapping[str, Said]
    how_to_run: str

    def refuses(self, rule: str) -> bool:
        """Whether the target cannot say the rule at all."""
        return self.says[rule].verdict is Verdict.REFUSED
