"""The pass that gathers signals, sizes, stops and portfolio rules into legs: one per position block."""

from dataclasses import dataclass, field, replace
from typing import Final

from builder_app.codegen.expressions import Call, Constant, Expression, Fixed, NotANumber, Operation, Price, Reference
from builder_app.codegen.passes.folding import as_series, kinds_in
from builder_app.codegen.passes.portfolio import Asked, limit_from, plain_number, portfolio_rule
from builder_app.codegen.plan import Draft, ExitRule, Leg, SignalRule, Step
from builder_app.codegen.recipes.kinds import KindOf
from builder_app.codegen.recipes.rule_words import (
    EXIT_UNITS,
    EXIT_WORDS,
    LIMITS,
    RULE_WORDS,
    SIGNAL_CHANGES,
    SIGNAL_WORDS,
    SIGNALS,
    SIZE_WORDS,
)
from builder_app.codegen.recipes.vocabulary import TIMEFRAMES

DEFAULT_PERCENT_OF_EQUITY: Final = 10.0
DEFAULT_POSITION: Final = "Default position"
_PLAIN_SIZES: Final = ("kelly",)
"""Sizes whose number may not change from bar to bar."""
_SERIES_UNITS: Final = ("level", "moving_distance")
"""Units of exits that are read anew at every bar, so that even a plain number is written as an array."""


@dataclass(slots=True)
class _Gathered:
    """What the rule blocks have said so far, by output port; legs by position block, in order."""

    leaf: KindOf
    signals: dict[Reference, tuple[SignalRule, ...]] = field(default_factory=dict)
    used_signals: set[Reference] = field(default_factory=set)
    positions: dict[Reference, tuple[str, ...]] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)
    portfolios: dict[Reference, frozenset[str]] = field(default_factory=dict)
    limits: list[Asked] = field(default_factory=list)


def gather(draft: Draft) -> Draft:
    """Turn the rule steps into legs and a portfolio rule; what remains in `steps` are series and conditions."""
    kinds = {Reference(step.node, step.port): step.kind for step in draft.steps}
    leaf = kinds_in(draft.flow, kinds)
    gathered = _Gathered(leaf)
    plain = []
    for step in draft.steps:
        call = step.expression
        if isinstance(call, Call) and call.function in RULE_WORDS:
            _take(draft, gathered, step, call)
        else:
            plain.append(step)
    remarks = _add_default_position(gathered)
    legs = tuple(_with_entries(draft, leg) for leg in gathered.legs.values())
    for leg in legs:
        _check_risk(draft, leg)
    portfolio = portfolio_rule(draft, gathered.limits, frozenset(gathered.legs))
    return replace(draft, steps=tuple(plain), legs=legs, portfolio=portfolio, remarks=(*draft.remarks, *remarks))


def _take(draft: Draft, gathered: _Gathered, step: Step, call: Call) -> None:
    output = Reference(step.node, step.port)
    if call.function in (*SIGNAL_WORDS, SIGNALS):
        gathered.signals[output] = _signals(gathered, step.node, call)
    elif call.function in SIGNAL_CHANGES:
        gathered.signals[output] = _changed_signals(draft, gathered, step.node, call)
    elif call.function == "position":
        gathered.legs[step.node] = _leg(draft, gathered, step.node, call)
        gathered.positions[output] = (step.node,)
    elif call.function == "rebalance":
        gathered.positions[output] = _rebalanced(gathered, step.node, call)
    elif call.function in EXIT_WORDS:
        gathered.positions[output] = _with_exits(draft, gathered, step.node, call)
    else:
        _take_portfolio(draft, gathered, step, call)


def _signals(gathered: _Gathered, node: str, call: Call) -> tuple[SignalRule, ...]:
    """The entries and exits of one block."""
    keywords = dict(call.keywords)
    strength = keywords.pop("strength", None)
    series = None if strength is None else as_series(strength, gathered.leaf)
    conditions = {call.function: call.arguments[0]} if call.function in SIGNAL_WORDS else keywords
    return tuple(
        SignalRule(node, word, condition, series if word.startswith("enter") else None)
        for word, condition in conditions.items()
    )


def _incoming(gathered: _Gathered, call: Call) -> tuple[SignalRule, ...]:
    inputs = tuple(argument for argument in call.arguments if isinstance(argument, Reference))
    gathered.used_signals |= set(inputs)
    return tuple(rule for output in inputs for rule in gathered.signals[output])


def _changed_signals(draft: Draft, gathered: _Gathered, node: str, call: Call) -> tuple[SignalRule, ...]:
    """The same signals, with something more said about the entries among them."""
    ((_, value),) = call.keywords

    def changed(rule: SignalRule) -> SignalRule:
        rule = replace(rule, via=(*rule.via, node))
        if call.function == "cooldown":
            return replace(rule, cooldown=plain_number(draft, node, value, "its number of bars"))
        if call.function == "with_strength":
            return replace(rule, strength=as_series(value, gathered.leaf))
        if not isinstance(value, Constant) or value.value not in TIMEFRAMES:
            message = f"its period must be one of {', '.join(TIMEFRAMES)}."
            raise draft.refuse(node, "parameter", message, "Choose one in the block.")
        return replace(rule, condition=Call("first_in", (rule.condition, Price(Constant("time")), value)))

    return tuple(changed(rule) if rule.word.startswith("enter") else rule for rule in _incoming(gathered, call))


def _leg(draft: Draft, gathered: _Gathered, node: str, call: Call) -> Leg:
    keywords = dict(call.keywords)
    kind = next(name for name in keywords if name in SIZE_WORDS)
    size = keywords.pop(kind)
    more = tuple((name, plain_number(draft, node, value, f"its {name}")) for name, value in keywords.items())
    if kind in _PLAIN_SIZES:
        size = plain_number(draft, node, size, "its size")
    elif not isinstance(size, Fixed):
        size = as_series(size, gathered.leaf)
    if isinstance(size, Constant) and not isinstance(size.value, str) and size.value <= 0:
        message = f"its size comes to {size.value:g}, so that it would never enter."
        raise draft.refuse(node, "no-size", message, "Change its numbers until the size is above 0.")
    return Leg(node, draft.title(node), _incoming(gathered, call), kind, size, size_more=more)


def _legs_of(gathered: _Gathered, call: Call) -> tuple[str, ...]:
    inputs = [argument for argument in call.arguments if isinstance(argument, Reference)]
    return tuple(dict.fromkeys(leg for position in inputs for leg in gathered.positions[position]))


def _rebalanced(gathered: _Gathered, node: str, call: Call) -> tuple[str, ...]:
    ((_, when),) = call.keywords
    legs = _legs_of(gathered, call)
    for name in legs:
        leg = gathered.legs[name]
        both = when if leg.rebalance is None else Operation("|", (leg.rebalance, when))
        gathered.legs[name] = replace(leg, rebalance=both, rebalance_nodes=(*leg.rebalance_nodes, node))
    return legs


def _with_exits(draft: Draft, gathered: _Gathered, node: str, call: Call) -> tuple[str, ...]:
    """Add the exit, and those that stand inside it, to the legs of the positions it is given."""
    legs = list(_legs_of(gathered, call))
    for argument in call.arguments:
        if isinstance(argument, Call):
            legs += _with_exits(draft, gathered, node, argument)
    keywords = dict(call.keywords)
    unit = next(name for name in keywords if name in EXIT_UNITS[call.function])
    value = keywords[unit]
    if not isinstance(value, Fixed) or unit in _SERIES_UNITS:
        value = as_series(value, gathered.leaf)
    if unit in ("bars", "risk"):
        value = plain_number(draft, node, value, "its value")
    part = keywords.get("part")
    if part is not None:
        part = plain_number(draft, node, part, "the part that it closes")
        part = None if isinstance(part, Constant) and part.value == 100 else part
    rule = ExitRule(node, call.function, unit, value, part)
    for leg in dict.fromkeys(legs):
        gathered.legs[leg] = replace(gathered.legs[leg], exits=(*gathered.legs[leg].exits, rule))
    return tuple(dict.fromkeys(legs))


def _take_portfolio(draft: Draft, gathered: _Gathered, step: Step, call: Call) -> None:
    legs: set[str] = set()
    for argument in call.arguments:
        if isinstance(argument, Reference):
            legs |= gathered.portfolios.get(argument) or frozenset(gathered.positions.get(argument, ()))
    gathered.portfolios[Reference(step.node, step.port)] = frozenset(legs)
    keywords = dict(call.keywords)
    kind = next(name for name in keywords if name in LIMITS)
    gathered.limits.append(Asked(limit_from(draft, step.node, kind, keywords), frozenset(legs)))


def _check_risk(draft: Draft, leg: Leg) -> None:
    """What counts in the risk of a trade needs a stop that is there from the entry on."""
    has_stop = any(
        rule.kind in ("stop", "trailing_stop") and rule.unit in ("percent", "distance", "price") for rule in leg.exits
    )
    if has_stop:
        return
    hint = "Wire the position into a stop, for example a percent stop."
    why = "but no stop of a percentage, a distance or a price says what one trade risks."
    if leg.size_kind == "risk_percent":
        raise draft.refuse(leg.node, "risk-without-stop", f"it sizes by the risk of a trade, {why}", hint)
    for rule in leg.exits:
        if rule.unit == "risk":
            raise draft.refuse(rule.node, "risk-without-stop", f"it counts in the risk of a trade, {why}", hint)


def _add_default_position(gathered: _Gathered) -> list[str]:
    """Signals with no position behind them trade together, with a default size."""
    loose = tuple(
        rule for output, rules in gathered.signals.items() if output not in gathered.used_signals for rule in rules
    )
    if not loose:
        return []
    size = Constant(DEFAULT_PERCENT_OF_EQUITY)
    gathered.legs[""] = Leg("", DEFAULT_POSITION, loose, "percent_of_equity", size)
    return [
        f"Signals without a position block trade {DEFAULT_PERCENT_OF_EQUITY:g} % of equity each time; "
        "add a position block to choose another size."
    ]


def _with_entries(draft: Draft, leg: Leg) -> Leg:
    return replace(
        leg,
        cooldown=_cooldown(draft, leg),
        long_entry=_any_of(leg, "enter_long"),
        long_exit=_any_of(leg, "exit_long"),
        short_entry=_any_of(leg, "enter_short"),
        short_exit=_any_of(leg, "exit_short"),
        strength=_strength(leg),
    )


def _any_of(leg: Leg, word: str) -> Expression | None:
    conditions = tuple(dict.fromkeys(rule.condition for rule in leg.signals if rule.word == word))
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return Operation("|", conditions)


def _strength(leg: Leg) -> Expression | None:
    """One entry's strength is that series; where several differ, the greatest known one that holds at the bar."""
    entries = [rule for rule in leg.signals if rule.word.startswith("enter")]
    strengths = {rule.strength for rule in entries}
    if len(strengths) < 2:
        return strengths.pop() if strengths else None
    greatest: Expression | None = None
    for rule in entries:
        own = Call("np.where", (rule.condition, rule.strength or Constant(1.0), NotANumber()))
        greatest = own if greatest is None else Call("np.fmax", (greatest, own))
    return greatest


def _cooldown(draft: Draft, leg: Leg) -> Expression | None:
    """The bars of rest after an exit: the same for all entries of the leg."""
    entries = [rule for rule in leg.signals if rule.word.startswith("enter")]
    rests = dict.fromkeys(rule.cooldown for rule in entries)
    if len(rests) > 1:
        message = "its entries rest for different numbers of bars after an exit; it can keep to one number."
        raise draft.refuse(leg.node, "target-cannot-say", message, "Lead all its entries through one cooldown block.")
    return next(iter(rests), None)
