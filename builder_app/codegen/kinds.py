"""What an expression gives, worked out from its parts; words used with the wrong kind of thing are refused."""

from collections.abc import Callable
from typing import Final

from builder_app.codegen.expressions import (
    PRICE_COLUMNS,
    Call,
    Constant,
    Element,
    Expression,
    Name,
    NotANumber,
    Operation,
    Parameter,
    Price,
    Reference,
)
from builder_app.codegen.vocabulary import (
    CONDITION_LISTS,
    EXIT_UNITS,
    EXIT_WORDS,
    SIGNAL_WORDS,
    SIZE_WORDS,
    Kind,
    signature_of,
)

KindOf = Callable[[Name | Parameter | Reference], Kind]
"""What a port, a parameter or another step gives."""

COMPARISONS: Final = ("<", "<=", ">", ">=")


class RecipeRefused(ValueError):
    """A recipe says something that it may not, or that has no meaning; the text is a whole sentence."""


def kind_of(expression: Expression, leaf: KindOf) -> Kind:
    """What the expression gives. Raises RecipeRefused where a word is used with the wrong kind of thing."""
    match expression:
        case Constant(value):
            if isinstance(value, bool):
                raise RecipeRefused("True and False have no place in a formula; use a comparison such as a > b.")
            return Kind.TEXT if isinstance(value, str) else Kind.NUMBER
        case NotANumber():
            return Kind.NUMBER
        case Name() | Parameter() | Reference():
            return leaf(expression)
        case Price(column):
            if isinstance(column, Constant) and column.value not in PRICE_COLUMNS:
                raise RecipeRefused(f"There is no price called '{column.value}'; use {', '.join(PRICE_COLUMNS)}.")
            _expect(column, (Kind.TEXT,), "The name of a price column", leaf)
            return Kind.SERIES
        case Element(call, index):
            return _kind_of_element(call, index, leaf)
        case Operation(symbol, operands):
            return _kind_of_operation(symbol, operands, leaf)
        case Call():
            return _kind_of_call(expression, leaf)


def _kind_of_element(call: Expression, index: int, leaf: KindOf) -> Kind:
    signature = signature_of(call.function) if isinstance(call, Call) else None
    if signature is None or not isinstance(call, Call) or signature.outputs == 1:
        raise RecipeRefused("Only a function with several outputs can be indexed, as in ta.BBANDS(…)[0].")
    if not 0 <= index < signature.outputs:
        raise RecipeRefused(f"{call.function} has the outputs 0 to {signature.outputs - 1}; {index} was asked for.")
    kind_of(call, leaf)
    return Kind.SERIES


def _kind_of_operation(symbol: str, operands: tuple[Expression, ...], leaf: KindOf) -> Kind:
    if symbol in ("&", "|", "~"):
        for operand in operands:
            _expect(operand, (Kind.BOOLEAN,), f"Each side of '{symbol}'", leaf)
        return Kind.BOOLEAN
    kinds = {_expect(operand, (Kind.NUMBER, Kind.SERIES), f"Each side of '{symbol}'", leaf) for operand in operands}
    if symbol in COMPARISONS:
        return Kind.BOOLEAN
    return Kind.SERIES if Kind.SERIES in kinds else Kind.NUMBER


def _kind_of_call(call: Call, leaf: KindOf) -> Kind:
    if call.function in CONDITION_LISTS:
        for argument in call.arguments:
            _expect(argument, (Kind.BOOLEAN,), f"Everything in {call.function}(…)", leaf)
        if call.keywords or not call.arguments:
            raise RecipeRefused(f"{call.function}(…) takes one or more conditions and no keywords.")
        return Kind.BOOLEAN
    signature = signature_of(call.function)
    if signature is None:
        return _kind_of_rule(call, leaf)
    if len(call.arguments) != len(signature.takes):
        raise RecipeRefused(f"{call.function} takes {len(signature.takes)} inputs; it was given {len(call.arguments)}.")
    kinds = []
    for argument, wanted in zip(call.arguments, signature.takes, strict=True):
        allowed = (Kind.SERIES, Kind.NUMBER) if wanted is Kind.SERIES else (wanted,)
        kinds.append(_expect(argument, allowed, f"An input of {call.function}", leaf))
    for name, value in call.keywords:
        if name not in signature.keywords:
            known = ", ".join(signature.keywords) or "none"
            raise RecipeRefused(f"{call.function} has no keyword '{name}'; it has: {known}.")
        _expect(value, (Kind.NUMBER,), f"{name} of {call.function}", leaf)
    return signature.gives


def _kind_of_rule(call: Call, leaf: KindOf) -> Kind:
    """Signals, positions, stops and portfolios: `word(input, …, keyword=value)`."""
    keywords = dict(call.keywords)
    if call.function in SIGNAL_WORDS:
        _shape(call, (Kind.BOOLEAN,), ("strength",) if call.function.startswith("enter") else (), leaf)
        return Kind.SIGNAL
    if call.function == "position":
        _shape(call, (Kind.SIGNAL,), tuple(SIZE_WORDS), leaf)
        _one_of(call.function, keywords, tuple(SIZE_WORDS))
        return Kind.POSITION
    if call.function in EXIT_WORDS:
        _shape(call, (Kind.POSITION,), EXIT_UNITS, leaf)
        _one_of(call.function, keywords, EXIT_UNITS)
        return Kind.POSITION
    if call.function == "portfolio":
        _shape(call, (Kind.POSITION, Kind.PORTFOLIO), ("maximum_positions",), leaf)
        _one_of(call.function, keywords, ("maximum_positions",))
        return Kind.PORTFOLIO
    raise RecipeRefused(f"'{call.function}' is not a function that a recipe may use.")


def _shape(call: Call, inputs: tuple[Kind, ...], keywords: tuple[str, ...], leaf: KindOf) -> None:
    if len(call.arguments) != len(inputs):
        raise RecipeRefused(f"{call.function} takes {len(inputs)} inputs; it was given {len(call.arguments)}.")
    for argument, wanted in zip(call.arguments, inputs, strict=True):
        _expect(argument, (wanted,), f"An input of {call.function}", leaf)
    for name, value in call.keywords:
        if name not in keywords:
            raise RecipeRefused(f"{call.function} has no keyword '{name}'; it has: {', '.join(keywords) or 'none'}.")
        _expect(value, (Kind.NUMBER, Kind.SERIES), f"{name} of {call.function}", leaf)


def _one_of(function: str, keywords: dict[str, Expression], names: tuple[str, ...]) -> None:
    if len(keywords) != 1:
        raise RecipeRefused(f"{function} takes exactly one of the keywords {', '.join(names)}.")


def _expect(expression: Expression, allowed: tuple[Kind, ...], what: str, leaf: KindOf) -> Kind:
    kind = kind_of(expression, leaf)
    if kind not in allowed:
        raise RecipeRefused(f"{what} must be {' or '.join(allowed)}; it is {kind}.")
    return kind
