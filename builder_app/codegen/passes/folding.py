"""The pass that makes expressions as simple as they can be said, without changing a single value.

Numbers are worked out where both sides are known, wires that carry a price or a number are followed, lists of
conditions become `&` and `|`, and a number stands at every bar where a function needs a series. Here also every
expression is checked for meaning: kinds, whole numbers, TA-Lib's own limits.
"""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import (
    PRICE_COLUMNS,
    Call,
    Constant,
    Derived,
    Expression,
    GroupCall,
    Name,
    NotANumber,
    Operation,
    Parameter,
    Price,
    Reference,
    children,
    transformed,
)
from builder_app.codegen.plan import Draft, Step
from builder_app.codegen.recipes.arguments import Number, check_arguments, numbers_in, whole_number, with_whole_numbers
from builder_app.codegen.recipes.choices import settled
from builder_app.codegen.recipes.kinds import COMPARISONS, KindOf, RecipeRefused, kind_of
from builder_app.codegen.recipes.rule_words import RULE_WORDS, RULES
from builder_app.codegen.recipes.vocabulary import (
    ACROSS,
    CHOICES,
    CONDITION_LISTS,
    COUNT,
    FULL_LIKE,
    Kind,
    signature_of,
)
from builder_app.flow.values import Literal, LogicFlow, Secret

_ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_TRIVIAL: Final = (Constant, NotANumber, Parameter, Derived, Price, Reference)


def fold(draft: Draft) -> Draft:
    """Simplify every step, in order, and follow the wires that carry only a price or a number."""
    kinds: dict[Reference, Kind] = dict(draft.given)
    trivial: dict[Reference, Expression] = {}
    leaf = kinds_in(draft.flow, kinds)
    numbers = numbers_in(draft.flow)
    steps = []
    for step in draft.steps:
        try:
            folded = _folded(step, trivial, leaf)
            _check_numbers(folded.expression, numbers)
        except RecipeRefused as refusal:
            raise draft.refuse(step.node, "recipe", str(refusal), "Change its parameters or its wires.") from refusal
        reference = Reference(step.node, step.port)
        kinds[reference] = step.kind
        if isinstance(folded.expression, _TRIVIAL):
            trivial[reference] = folded.expression
            kinds[reference] = kind_of(folded.expression, leaf)
        else:
            steps.append(folded)
    return replace(draft, steps=tuple(steps), values=trivial)


def kinds_in(flow: LogicFlow, kinds: Mapping[Reference, Kind]) -> KindOf:
    """What references and strategy parameters give."""

    def leaf(part: Name | Parameter | Reference) -> Kind:
        if isinstance(part, Parameter):
            value = flow.parameters[part.name].value
            if isinstance(value, Secret):
                raise RecipeRefused(f"The strategy parameter '{part.name}' is sensitive.")
            return _kind_of_parameter(part.name, value)
        kind = kinds.get(part) if isinstance(part, Reference) else None
        if kind is not None:
            return kind
        raise RecipeRefused("It uses an output that is not there.")

    return leaf


def _kind_of_parameter(name: str, value: Literal) -> Kind:
    if isinstance(value, bool) or value is None:
        raise RecipeRefused(f"The strategy parameter '{name}' must be a number; it is {value}.")
    if not isinstance(value, str):
        return Kind.NUMBER
    if value not in PRICE_COLUMNS:
        raise RecipeRefused(f"The strategy parameter '{name}' must be one of {', '.join(PRICE_COLUMNS)}.")
    return Kind.TEXT


def _folded(step: Step, trivial: Mapping[Reference, Expression], leaf: KindOf) -> Step:
    def simpler(part: Expression) -> Expression:
        if isinstance(part, Reference):
            return trivial.get(part, part)
        if isinstance(part, Operation):
            return _simpler_operation(part, leaf)
        if isinstance(part, GroupCall):
            return _called_with_series(part, leaf)
        return _simpler_call(part, leaf) if isinstance(part, Call) else part

    expression = step.expression
    if isinstance(expression, Call) and expression.function in RULE_WORDS:
        return Step(step.node, step.port, _folded_rule(expression, simpler, leaf), step.kind)
    expression = transformed(expression, simpler)
    kind = kind_of(expression, leaf)
    if kind is not step.kind and (step.kind is not Kind.SERIES or kind is not Kind.NUMBER):
        raise RecipeRefused(f"It gives {kind}, but its output '{step.port}' carries {step.kind}.")
    if kind is Kind.NUMBER and not isinstance(expression, _TRIVIAL):
        expression = as_series(expression, leaf)
    return Step(step.node, step.port, expression, step.kind)


def _called_with_series(call: GroupCall, leaf: KindOf) -> GroupCall:
    """A group's inputs are series, whatever number stands there; what counts bars is a whole number."""
    keywords = tuple((name, whole_number(value) if name in call.whole else value) for name, value in call.keywords)
    return replace(call, arguments=tuple(as_series(part, leaf) for part in call.arguments), keywords=keywords)


def _check_numbers(expression: Expression, numbers: Mapping[str, Number]) -> None:
    is_rule = isinstance(expression, Call) and expression.function in RULE_WORDS
    for part in children(expression) if is_rule else (expression,):
        check_arguments(part, numbers)


def _folded_rule(call: Call, simpler: Callable[[Expression], Expression], leaf: KindOf) -> Call:
    arguments = tuple(transformed(argument, simpler) for argument in call.arguments)
    keywords = tuple((name, transformed(value, simpler)) for name, value in call.keywords)
    rule = RULES[call.function]
    for argument in arguments:
        kind = kind_of(argument, leaf)
        if kind not in rule.inputs:
            raise RecipeRefused(f"{call.function} needs {rule.inputs[0]}; it was given {kind}.")
    for name, value in keywords:
        wanted = rule.carries(name)
        if name == "close":
            continue  # true or false, set in the block
        if kind_of(value, leaf) not in wanted:
            raise RecipeRefused(f"{name} must be {' or '.join(wanted)}; it is {kind_of(value, leaf)}.")
    return Call(call.function, arguments, keywords)


def _simpler_operation(operation: Operation, leaf: KindOf) -> Expression:
    symbol, operands = operation.symbol, operation.operands
    if symbol in ("&", "|"):
        return _joined(symbol, operands)
    if symbol == "~":
        inner = operands[0]
        return inner.operands[0] if isinstance(inner, Operation) and inner.symbol == "~" else operation
    if symbol in COMPARISONS and operands[0] == operands[1]:
        # A linter takes `x > x` for a slip; said by the functions it has the same values.
        function = {">": "is_above", "<": "is_below"}.get(symbol, "is_equal")
        return _simpler_call(Call(function, operands), leaf)
    if symbol in COMPARISONS:
        return Operation(symbol, _one_series(operands, leaf))
    if len(operands) == 1:
        number = _number(operands[0])
        return operation if number is None else Constant(0 - number)
    left, right = _number(operands[0]), _number(operands[1])
    if symbol == "/" and right is None:
        return Call("divide", _one_series(operands, leaf))
    if symbol == "/" and right == 0:
        raise RecipeRefused("It divides by 0, which has no value.")
    if left is None or right is None:
        return operation
    result = _ARITHMETIC[symbol](float(left), float(right))
    if not math.isfinite(result):
        raise RecipeRefused("A number in it becomes too large.")
    return Constant(result)


def _simpler_call(call: Call, leaf: KindOf) -> Expression:
    if call.function in CHOICES:
        return transformed(settled(call), lambda part: _simpler_call(part, leaf) if isinstance(part, Call) else part)
    if call.function == COUNT:
        return _counted(call.arguments)
    if call.function in CONDITION_LISTS:
        return _joined(CONDITION_LISTS[call.function], call.arguments)
    if call.function == FULL_LIKE:
        return _every_bar(call, leaf)
    if call.function == "divide" and _number(call.arguments[1]) is not None:
        return _simpler_operation(Operation("/", call.arguments), leaf)
    signature = signature_of(call.function)
    if signature is None:
        return call
    call = with_whole_numbers(call, signature)
    needs_all = call.function.startswith("ta.") or bool(signature.whole_positions) or call.function in ACROSS
    needs_all = needs_all or Kind.TEXT in signature.takes
    if needs_all:
        arguments = tuple(
            as_series(argument, leaf) if wanted is Kind.SERIES else argument
            for argument, wanted in zip(call.arguments, signature.takes, strict=True)
        )
        return Call(call.function, arguments, call.keywords)
    if Kind.BOOLEAN in signature.takes:
        return call
    return Call(call.function, _one_series(call.arguments, leaf), call.keywords)


def _every_bar(call: Call, leaf: KindOf) -> Expression:
    """`np.full_like(prices["close"], 30)` is the number 30: it becomes a series again only where one is needed."""
    kind_of(call, leaf)
    value = call.arguments[1]
    if kind_of(value, leaf) is not Kind.NUMBER:
        raise RecipeRefused("np.full_like needs a number.")
    number = _number(value)
    return value if number is None else Constant(float(number))


def _counted(conditions: tuple[Expression, ...]) -> Expression:
    """1 for each condition that holds, added up."""
    ones = [Call("np.where", (condition, Constant(1.0), Constant(0.0))) for condition in conditions]
    total: Expression = ones[0]
    for one in ones[1:]:
        total = Operation("+", (total, one))
    return total


def _joined(symbol: str, operands: tuple[Expression, ...]) -> Expression:
    """One `&` or `|` of all conditions, each once; a single one is itself."""
    flat: dict[Expression, None] = {}
    for operand in operands:
        same = isinstance(operand, Operation) and operand.symbol == symbol
        flat.update(dict.fromkeys(operand.operands if same and isinstance(operand, Operation) else (operand,)))
    return next(iter(flat)) if len(flat) == 1 else Operation(symbol, tuple(flat))


def as_series(expression: Expression, leaf: KindOf) -> Expression:
    """The expression, or, where it is only a number, that number at every bar."""
    if kind_of(expression, leaf) is Kind.NUMBER:
        return Call(FULL_LIKE, (Price(Constant("close")), expression))
    return expression


def _one_series(operands: tuple[Expression, ...], leaf: KindOf) -> tuple[Expression, ...]:
    """At least one side is a series, so that the result is one."""
    if all(kind_of(operand, leaf) is Kind.NUMBER for operand in operands):
        return (as_series(operands[0], leaf), *operands[1:])
    return operands


def _number(expression: Expression) -> int | float | None:
    if isinstance(expression, Constant) and not isinstance(expression.value, bool | str):
        return expression.value
    return None
