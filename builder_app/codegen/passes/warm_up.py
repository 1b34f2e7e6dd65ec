"""The pass that counts the bars before every rule has a value: look-backs added up along the longest chain."""

from collections.abc import Mapping
from dataclasses import replace

from builder_app.codegen.expressions import Call, Constant, Expression, Reference, children
from builder_app.codegen.plan import Draft
from builder_app.codegen.recipes.arguments import Number, look_back, number_of, numbers_in
from builder_app.codegen.recipes.vocabulary import LOOK_BACK, PERIOD_BARS, signature_of


def count_warm_up(draft: Draft) -> Draft:
    """Fill in `warm_up`, in bars, with strategy parameters at their present values."""
    numbers = numbers_in(draft.flow)
    bars: dict[Expression, int] = {}
    for statement in draft.statements:
        own = _bars(statement.expression, bars, numbers)
        bars.update((result, own) for result in statement.results if result is not None)
    return replace(draft, warm_up=max(bars.values(), default=0))


def _bars(expression: Expression, known: Mapping[Expression, int], numbers: Mapping[str, Number]) -> int:
    if isinstance(expression, Reference):
        return known.get(expression, 0)
    inside = max((_bars(part, known, numbers) for part in children(expression)), default=0)
    return inside + _own(expression, numbers) if isinstance(expression, Call) else inside


def _own(call: Call, numbers: Mapping[str, Number]) -> int:
    if call.function.startswith("ta."):
        signature = signature_of(call.function)
        whole = signature.whole if signature else frozenset()
        given = [(name, number_of(value, numbers)) for name, value in call.keywords]
        known = tuple(
            (name, int(value) if name in whole else float(value)) for name, value in given if value is not None
        )
        return look_back(call.function.removeprefix("ta."), known)
    if call.function in LOOK_BACK:
        place, more = LOOK_BACK[call.function]
        return max(int(number_of(call.arguments[place], numbers) or 0) + more, 0)
    if call.function in ("completed", "completed_average"):
        timeframe = call.arguments[2].value if isinstance(call.arguments[2], Constant) else "day"
        periods = number_of(call.arguments[3], numbers) if call.function == "completed_average" else 1
        return PERIOD_BARS[str(timeframe)] * int(periods or 1)
    return 1 if call.function in ("crossed_above", "crossed_below") else 0
