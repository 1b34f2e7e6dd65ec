"""What an expression gives, worked out from its parts; words used with the wrong kind of thing are refused."""

import re
from collections.abc import Callable
from typing import Final

from builder_app.codegen.expressions import (
    PRICE_COLUMNS,
    Call,
    Constant,
    Derived,
    Element,
    Expression,
    GroupCall,
    KeyOf,
    Market,
    Name,
    NotANumber,
    Operation,
    Parameter,
    Price,
    Reference,
)
from builder_app.codegen.recipes.rule_words import RULES, SIGNALS, RuleWord
from builder_app.codegen.recipes.vocabulary import CONDITION_LISTS, COUNT, Kind, Signature, signature_of

KindOf = Callable[[Name | Parameter | Reference], Kind]
"""What a port, a parameter or another step gives."""

COMPARISONS: Final = ("<", "<=", ">", ">=")
TIME_OF_DAY: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LONGEST_SYMBOL: Final = 40


class RecipeRefused(ValueError):
    """A recipe says something that it may not, or that has no meaning; the text is a whole sentence."""


def kind_of(expression: Expression, leaf: KindOf) -> Kind:
    """What the expression gives. Raises RecipeRefused where a word is used with the wrong kind of thing."""
    match expression:  # what is asked for most often stands first
        case Name() | Parameter() | Reference():
            return leaf(expression)
        case Call():
            return _kind_of_call(expression, leaf)
        case Constant(value):
            if isinstance(value, bool):
                raise RecipeRefused("True and False have no place in a formula; use a comparison such as a > b.")
            return Kind.TEXT if isinstance(value, str) else Kind.NUMBER
        case NotANumber() | Derived():
            return Kind.NUMBER
        case Price(Constant("time")):
            return Kind.TIME
        case Price(column):
            if isinstance(column, Constant) and column.value not in PRICE_COLUMNS:
                raise RecipeRefused(f"There is no price called '{column.value}'; use {', '.join(PRICE_COLUMNS)}.")
            _expect(column, (Kind.TEXT,), "The name of a price column", leaf)
            return Kind.SERIES
        case Element(call, index):
            return _kind_of_element(call, index, leaf)
        case Operation(symbol, operands):
            return _kind_of_operation(symbol, operands, leaf)
        case GroupCall():
            return _kind_of_output(expression.conditions[0])
        case Market() | KeyOf():
            raise AssertionError(f"{expression} stands in no recipe.")


def _kind_of_output(is_condition: bool) -> Kind:
    return Kind.BOOLEAN if is_condition else Kind.SERIES


def _kind_of_element(call: Expression, index: int, leaf: KindOf) -> Kind:
    if isinstance(call, GroupCall):
        return _kind_of_output(call.conditions[index])
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
        return Kind.SERIES if call.function == COUNT else Kind.BOOLEAN
    signature = signature_of(call.function)
    if signature is None:
        return _kind_of_rule(call, leaf)
    if len(call.arguments) != len(signature.takes):
        raise RecipeRefused(f"{call.function} takes {len(signature.takes)} inputs; it was given {len(call.arguments)}.")
    kinds = []
    for argument, wanted in zip(call.arguments, signature.takes, strict=True):
        allowed = (Kind.SERIES, Kind.NUMBER) if wanted is Kind.SERIES else (wanted,)
        kinds.append(_expect(argument, allowed, f"An input of {call.function}", leaf))
    _check_words(call, signature)
    for name, value in call.keywords:
        if name not in signature.keywords:
            known = ", ".join(signature.keywords) or "none"
            raise RecipeRefused(f"{call.function} has no keyword '{name}'; it has: {known}.")
        _expect(value, (Kind.NUMBER,), f"{name} of {call.function}", leaf)
    return signature.gives


def _check_words(call: Call, signature: Signature) -> None:
    """Texts are settled in the block: they are among the function's words, or a symbol, or a time of day."""
    for argument, wanted in zip(call.arguments, signature.takes, strict=True):
        if wanted is not Kind.TEXT or isinstance(argument, Name):
            continue
        if not isinstance(argument, Constant):
            raise RecipeRefused(f"The words that {call.function} takes are chosen in the block, not by a parameter.")
        word = str(argument.value)
        if signature.words and word not in signature.words:
            raise RecipeRefused(f"{call.function} does not know '{word[:40]}'; it knows {', '.join(signature.words)}.")
        if call.function == "in_session" and not TIME_OF_DAY.fullmatch(word):
            raise RecipeRefused(f"'{word[:40]}' is not a time of day; write it like 09:30.")
        if call.function == "of_symbol" and not 0 < len(word.strip()) == len(word) <= LONGEST_SYMBOL:
            raise RecipeRefused("The other symbol has no name, or one that is too long; write it as the prices do.")


def _kind_of_rule(call: Call, leaf: KindOf) -> Kind:
    """Signals, positions, stops and portfolios: `word(input, …, keyword=value)`."""
    rule = RULES.get(call.function)
    if rule is None:
        raise RecipeRefused(f"'{call.function}' is not a function that a recipe may use.")
    if len(call.arguments) != len(rule.inputs):
        raise RecipeRefused(f"{call.function} takes {len(rule.inputs)} inputs; it was given {len(call.arguments)}.")
    for argument, wanted in zip(call.arguments, rule.inputs, strict=True):
        _expect(argument, (wanted,), f"An input of {call.function}", leaf)
    names = [name for name, _ in call.keywords]
    known = _known_keywords(call.function, rule, names)
    for name, value in call.keywords:
        if name not in known:
            raise RecipeRefused(f"{call.function} has no keyword '{name}'; it has: {', '.join(known) or 'none'}.")
        _expect(value, rule.carries(name), f"{name} of {call.function}", leaf)
    return rule.gives


def _known_keywords(word: str, rule: RuleWord, names: list[str]) -> tuple[str, ...]:
    if word == SIGNALS and not set(names) - {"strength"}:
        raise RecipeRefused(f"{word} takes at least one of the keywords {', '.join(rule.any_of)}.")
    if not rule.one_of:
        return rule.any_of
    chosen = [name for name in names if name in rule.one_of]
    if len(chosen) != 1:
        raise RecipeRefused(f"{word} takes exactly one of the keywords {', '.join(rule.one_of)}.")
    return rule.allowed(chosen[0])


def _expect(expression: Expression, allowed: tuple[Kind, ...], what: str, leaf: KindOf) -> Kind:
    kind = kind_of(expression, leaf)
    if kind not in allowed:
        raise RecipeRefused(f"{what} must be {' or '.join(allowed)}; it is {kind}.")
    return kind
