"""The pass that gathers signals, sizes, stops and portfolio rules into legs: one per position block."""

from dataclasses import dataclass, field, replace
from typing import Final

from builder_app.codegen.expressions import Call, Constant, Expression, NotANumber, Operation, Parameter, Reference
from builder_app.codegen.folding import as_series, kinds_in
from builder_app.codegen.kinds import KindOf
from builder_app.codegen.plan import Draft, ExitRule, Leg, PortfolioRule, SignalRule, Step
from builder_app.codegen.vocabulary import EXIT_WORDS, RULE_WORDS, SIGNAL_WORDS

DEFAULT_PERCENT_OF_EQUITY: Final = 10.0
DEFAULT_POSITION: Final = "Default position"


@dataclass(slots=True)
class _Gathered:
    """What the rule blocks have said so far, by output port; legs by position block, in order."""

    leaf: KindOf
    signals: dict[Reference, SignalRule] = field(default_factory=dict)
    used_signals: set[Reference] = field(default_factory=set)
    positions: dict[Reference, tuple[str, ...]] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)
    portfolios: dict[Reference, frozenset[str]] = field(default_factory=dict)
    limits: list[tuple[str, frozenset[str], Expression]] = field(default_factory=list)


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
    legs = tuple(_with_entries(leg) for leg in gathered.legs.values())
    portfolio = _portfolio(draft, gathered)
    return replace(draft, steps=tuple(plain), legs=legs, portfolio=portfolio, remarks=(*draft.remarks, *remarks))


def _take(draft: Draft, gathered: _Gathered, step: Step, call: Call) -> None:
    output = Reference(step.node, step.port)
    keywords = dict(call.keywords)
    inputs = tuple(argument for argument in call.arguments if isinstance(argument, Reference))
    if call.function in SIGNAL_WORDS:
        strength = keywords.get("strength")
        series = None if strength is None else as_series(strength, gathered.leaf)
        gathered.signals[output] = SignalRule(step.node, call.function, call.arguments[0], series)
    elif call.function == "position":
        ((size_kind, size),) = call.keywords
        gathered.used_signals |= set(inputs)
        signals = tuple(gathered.signals[signal] for signal in inputs)
        size = _plain_number(draft, step.node, size)
        gathered.legs[step.node] = Leg(step.node, draft.title(step.node), signals, size_kind, size)
        gathered.positions[output] = (step.node,)
    elif call.function in EXIT_WORDS:
        ((unit, value),) = call.keywords
        is_plain = isinstance(value, Constant | Parameter)
        rule = ExitRule(step.node, call.function, unit, value if is_plain else as_series(value, gathered.leaf))
        legs = tuple(dict.fromkeys(leg for position in inputs for leg in gathered.positions[position]))
        for leg in legs:
            gathered.legs[leg] = replace(gathered.legs[leg], exits=(*gathered.legs[leg].exits, rule))
        gathered.positions[output] = legs
    else:
        _take_portfolio(draft, gathered, step, call)


def _take_portfolio(draft: Draft, gathered: _Gathered, step: Step, call: Call) -> None:
    legs: set[str] = set()
    for argument in call.arguments:
        if isinstance(argument, Reference):
            legs |= gathered.portfolios.get(argument) or frozenset(gathered.positions.get(argument, ()))
    gathered.portfolios[Reference(step.node, step.port)] = frozenset(legs)
    limit = _plain_number(draft, step.node, call.keywords[0][1])
    gathered.limits.append((step.node, frozenset(legs), limit))


def _plain_number(draft: Draft, node: str, value: Expression) -> Expression:
    if not isinstance(value, Constant | Parameter):
        message = (
            "its size must be a number or a strategy parameter; a value that changes from bar to bar cannot be said."
        )
        raise draft.refuse(node, "target-cannot-say", message, "Set a number in the block.")
    return value


def _add_default_position(gathered: _Gathered) -> list[str]:
    """Signals with no position behind them trade together, with a default size."""
    loose = tuple(rule for output, rule in gathered.signals.items() if output not in gathered.used_signals)
    if not loose:
        return []
    size = Constant(DEFAULT_PERCENT_OF_EQUITY)
    gathered.legs[""] = Leg("", DEFAULT_POSITION, loose, "percent_of_equity", size)
    return [
        f"Signals without a position block trade {DEFAULT_PERCENT_OF_EQUITY:g} % of equity each time; "
        "add a position block to choose another size."
    ]


def _with_entries(leg: Leg) -> Leg:
    return replace(
        leg,
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


def _portfolio(draft: Draft, gathered: _Gathered) -> PortfolioRule | None:
    """The one limit that holds for all legs. A limit over some legs only cannot be said, unless it follows anyway."""
    if not gathered.limits:
        return None
    everything = frozenset(gathered.legs)
    over_all = [limit for _, legs, limit in gathered.limits if legs == everything]
    tightest = _tightest(draft, gathered.limits[-1][0], over_all) if over_all else None
    for node, legs, limit in gathered.limits:
        if legs == everything:
            continue
        if tightest is None or _value(draft, limit) < _value(draft, tightest):
            message = "it limits some of the positions only; a limit can be said for all of them together."
            raise draft.refuse(node, "target-cannot-say", message, "Wire every position into it.")
    nodes = tuple(node for node, _, _ in gathered.limits)
    return None if tightest is None else PortfolioRule(nodes, tightest)


def _tightest(draft: Draft, node: str, limits: list[Expression]) -> Expression:
    different = list(dict.fromkeys(limits))
    if len(different) > 1 and any(isinstance(limit, Parameter) for limit in different):
        message = "there are several limits, and one of them is a strategy parameter."
        raise draft.refuse(node, "target-cannot-say", message, "Keep one of the limits.")
    return min(different, key=lambda limit: _value(draft, limit))


def _value(draft: Draft, limit: Expression) -> float:
    if isinstance(limit, Parameter):
        value = draft.flow.parameters[limit.name].value
        return float(value) if isinstance(value, int | float) else 0.0
    return float(limit.value) if isinstance(limit, Constant) and not isinstance(limit.value, str) else 0.0
