"""The words of rules: signals, sizes, stops, targets and portfolio limits, with what each takes.

They are never calls in a strategy's text: the pass `gather` turns them into RULES and the arrays that RULES names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from builder_app.codegen.recipes.vocabulary import Kind

VALUE: Final = (Kind.NUMBER, Kind.SERIES)


@dataclass(frozen=True, slots=True)
class RuleWord:
    """A word `word(input, …, keyword=value)`: what its inputs carry, what it gives, and its keywords.

    `one_of`: exactly one of these is given (where there are any), perhaps with those that `beside` lists for it.
    `any_of`: of these as many as one likes. `kinds`: what a keyword carries where it is not a number or a series.
    """

    inputs: tuple[Kind, ...]
    gives: Kind
    one_of: tuple[str, ...] = ()
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    any_of: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def allowed(self, chosen: str) -> tuple[str, ...]:
        """The keywords that may stand beside the chosen one."""
        return (chosen, *self.beside.get(chosen, ()), *self.any_of)

    def carries(self, keyword: str) -> tuple[Kind, ...]:
        """What a keyword may be given."""
        return (self.kinds[keyword],) if keyword in self.kinds else VALUE


SIGNAL_WORDS: Final = ("enter_long", "exit_long", "enter_short", "exit_short")
SIGNALS: Final = "signals"
"""`signals(enter_long=a, exit_short=a, …)`: several signals of one block."""
SIGNAL_CHANGES: Final = ("cooldown", "once_per", "with_strength")
"""A signal again, with something more said about its entries."""
SIZE_WORDS: Final = ("percent_of_equity", "cash", "shares", "risk_percent", "kelly")
EXIT_UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "stop": ("percent", "distance", "price", "level"),
    "trailing_stop": ("percent", "distance", "moving_distance"),
    "break_even": ("percent", "distance", "risk"),
    "time_stop": ("bars",),
    "target": ("percent", "distance", "price", "risk"),
}
EXIT_WORDS: Final = tuple(EXIT_UNITS)
LIMITS: Final[Mapping[str, tuple[str, ...]]] = {
    "maximum_positions": (),
    "maximum_weight": (),
    "maximum_gross_exposure": (),
    "maximum_net_exposure": (),
    "drawdown_halt": ("bars",),
    "daily_loss": ("close",),
    "maximum_turnover": ("bars",),
    "correlation_cap": ("bars",),
    "sector_cap": ("sectors",),
}
"""The limits of a portfolio, with what more each needs."""

_POSITION, _SIGNAL = (Kind.POSITION,), (Kind.SIGNAL,)
RULES: Final[Mapping[str, RuleWord]] = {
    **{
        word: RuleWord((Kind.BOOLEAN,), Kind.SIGNAL, any_of=("strength",) if word.startswith("enter") else ())
        for word in SIGNAL_WORDS
    },
    SIGNALS: RuleWord(
        (), Kind.SIGNAL, any_of=(*SIGNAL_WORDS, "strength"), kinds=dict.fromkeys(SIGNAL_WORDS, Kind.BOOLEAN)
    ),
    "cooldown": RuleWord(_SIGNAL, Kind.SIGNAL, one_of=("bars",)),
    "once_per": RuleWord(_SIGNAL, Kind.SIGNAL, one_of=("period",), kinds={"period": Kind.TEXT}),
    "with_strength": RuleWord(_SIGNAL, Kind.SIGNAL, one_of=("strength",)),
    "position": RuleWord(
        _SIGNAL,
        Kind.POSITION,
        one_of=SIZE_WORDS,
        beside={
            "risk_percent": ("maximum",),
            "percent_of_equity": ("maximum",),
            "kelly": ("minimum_trades", "before", "maximum"),
        },
    ),
    "rebalance": RuleWord(_POSITION, Kind.POSITION, one_of=("when",), kinds={"when": Kind.BOOLEAN}),
    **{
        word: RuleWord(
            _POSITION, Kind.POSITION, one_of=units, beside=dict.fromkeys(units, ("part",)) if word == "target" else {}
        )
        for word, units in EXIT_UNITS.items()
    },
    "portfolio": RuleWord(
        (Kind.POSITION, Kind.PORTFOLIO),
        Kind.PORTFOLIO,
        one_of=tuple(LIMITS),
        beside=LIMITS,
        kinds={"close": Kind.TEXT, "sectors": Kind.TEXT},
    ),
}
RULE_WORDS: Final = tuple(RULES)
