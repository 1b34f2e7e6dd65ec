"""Numbers that functions are called with: whole where they must be, and inside the function's own limits.

Limits of TA-Lib functions are asked of TA-Lib itself, by calling it on one bar.
"""

import functools
import math
from collections.abc import Iterable, Mapping

import numpy as np
import talib
import talib.abstract

from builder_app.codegen.expressions import (
    Call,
    Constant,
    Derived,
    Expression,
    GroupCall,
    Parameter,
    parameters_of,
    walk,
)
from builder_app.codegen.recipes.kinds import RecipeRefused
from builder_app.codegen.recipes.vocabulary import Signature, signature_of
from builder_app.flow.formula_reading import FormulaFault
from builder_app.flow.formulas import number_from, rounded
from builder_app.flow.values import Formula, LogicFlow

Number = int | float


def check_arguments(expression: Expression, parameters: Mapping[str, Number]) -> None:
    """Raises RecipeRefused where a number, or a strategy parameter's value, does not suit its function."""
    for part in walk(expression):
        signature = signature_of(part.function) if isinstance(part, Call) else None
        if isinstance(part, Call) and signature is not None:
            _check_call(part, signature, parameters)
        if isinstance(part, GroupCall):
            for value in (value for name, value in part.keywords if name in part.whole):
                _refuse_broken(value, parameters)


def with_whole_numbers(call: Call, signature: Signature) -> Call:
    """The call with 10.0 as 10 wherever the function counts bars."""
    if not signature.whole_positions and not signature.whole:
        return call
    arguments = tuple(
        whole_number(argument) if place in signature.whole_positions else argument
        for place, argument in enumerate(call.arguments)
    )
    keywords = tuple((name, whole_number(value) if name in signature.whole else value) for name, value in call.keywords)
    return Call(call.function, arguments, keywords)


def whole_parameters(parts: Iterable[Expression]) -> frozenset[str]:
    """The strategy parameters that among all these parts must be whole, or stand in a formula that must be."""
    counted: list[Expression] = []
    for part in parts:
        signature = signature_of(part.function) if isinstance(part, Call) else None
        if isinstance(part, GroupCall):
            counted += [value for name, value in part.keywords if name in part.whole]
        if isinstance(part, Call) and signature is not None:
            counted += [part.arguments[place] for place in signature.whole_positions]
            counted += [value for name, value in part.keywords if name in signature.whole]
    return frozenset(name for value in counted for name in parameters_of(value))


def whole_number(expression: Expression) -> Expression:
    """10.0 as 10; everything else as it is."""
    number = number_of(expression, {})
    return Constant(int(number)) if isinstance(number, float) and number.is_integer() else expression


def _check_call(call: Call, signature: Signature, parameters: Mapping[str, Number]) -> None:
    for place in signature.whole_positions:
        _refuse_broken(call.arguments[place], parameters)
        value = number_of(call.arguments[place], parameters)
        if value is not None and (value != math.floor(value) or value < signature.least):
            raise RecipeRefused(f"{call.function} needs a whole number of at least {signature.least}; it was {value}.")
    if not call.function.startswith("ta."):
        return
    given: list[tuple[str, Number]] = []
    for name, expression in call.keywords:
        value = number_of(expression, parameters)
        if value is None:
            continue
        if name in signature.whole:
            _refuse_broken(expression, parameters)
        if name in signature.whole and value != math.floor(value):
            raise RecipeRefused(f"{name} of {call.function} must be a whole number; it was {value}.")
        given.append((name, int(value) if name in signature.whole else float(value)))
    _ask_talib(call.function.removeprefix("ta."), len(signature.takes), tuple(given))


def _refuse_broken(expression: Expression, parameters: Mapping[str, Number]) -> None:
    """Where a whole number must stand, a formula that comes to 10.0 would only be refused as the text runs."""
    value = number_of(expression, parameters)
    if isinstance(expression, Derived) and isinstance(value, float):
        whole = rounded(Formula(expression.formula)).text
        raise RecipeRefused(f"A whole number must be there; {expression.formula} is {value:.12g}. Write {whole}.")


def number_of(expression: Expression, parameters: Mapping[str, Number]) -> Number | None:
    """The number that an argument is, where it is known."""
    if isinstance(expression, Parameter):
        return parameters.get(expression.name)
    if isinstance(expression, Derived):
        try:
            return number_from(Formula(expression.formula), parameters)
        except FormulaFault:
            return None
    if isinstance(expression, Constant) and not isinstance(expression.value, bool | str):
        return expression.value
    return None


def numbers_in(flow: LogicFlow) -> dict[str, Number]:
    """The strategy parameters that are numbers."""
    return {
        name: parameter.value
        for name, parameter in flow.parameters.items()
        if isinstance(parameter.value, int | float) and not isinstance(parameter.value, bool)
    }


@functools.lru_cache(maxsize=4096)
def _ask_talib(name: str, inputs: int, keywords: tuple[tuple[str, Number], ...]) -> None:
    bar = np.ones(1)
    try:
        getattr(talib, name)(*(bar,) * inputs, **dict(keywords))
    except Exception as error:  # TA-Lib raises plain Exception for a parameter out of its range
        said = ", ".join(f"{key}={value}" for key, value in keywords)
        raise RecipeRefused(f"TA-Lib's {name} does not accept {said}.") from error


@functools.lru_cache(maxsize=4096)
def look_back(name: str, keywords: tuple[tuple[str, Number], ...]) -> int:
    """Bars before the TA-Lib function's first value."""
    function = talib.abstract.Function(name)  # type: ignore[attr-defined]
    function.parameters = dict(keywords)
    return int(function.lookback)
