"""What a parameter that is bound to strategy parameters is worth: one of them, or a formula over several."""

import math
import operator
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Final, assert_never

from builder_app.flow.formula_reading import FormulaFault, tree_of
from builder_app.flow.formula_trees import Applied, Both, Named, Negative, Number, Tree, changed, number_tree, walk
from builder_app.flow.formula_trees import written as written
from builder_app.flow.values import Binding, Formula, Json, ParameterReference, ParameterValue, Secret

LARGEST: Final = 1e15
"""No number in a formula may be larger: up to here whole numbers are exact, whatever their type."""
_MOST_PLACES: Final = 15
_LARGEST_POWER: Final = 50
Numbers = Mapping[str, ParameterValue]
"""What the strategy parameters are, by name."""


class UnknownName(FormulaFault):
    """The formula names a strategy parameter that does not exist: `name`; `near` is one that is called almost so."""

    def __init__(self, name: str, known: Numbers) -> None:
        near = get_close_matches(name, known, n=1)
        self.name, self.near = name, near[0] if near else ""
        hint = f"Did you mean '{self.near}'?" if near else "Define it, or write a number in its place."
        super().__init__(f"uses the strategy parameter '{name}', which does not exist", hint)


class NotWhole(FormulaFault):
    """The formula's number is not whole, or not always, and must be."""


def bound(text: str) -> Binding:
    """What somebody wrote: a reference where it is only a name, else a formula. Raises FormulaFault."""
    tree = tree_of(text)
    return ParameterReference(tree.name) if isinstance(tree, Named) else Formula(written(tree))


def text_of(value: Binding) -> str:
    """What somebody would write for it."""
    return written(Named(value.name)) if isinstance(value, ParameterReference) else value.text


def names_in(value: ParameterValue) -> tuple[str, ...]:
    """The strategy parameters that a value is taken from, each once; those of a formula in the order in which it
    names them, and none where nobody can read it.
    """
    if isinstance(value, ParameterReference):
        return (value.name,)
    if not isinstance(value, Formula):
        return ()
    try:
        return tuple(dict.fromkeys(part.name for part in walk(tree_of(value.text)) if isinstance(part, Named)))
    except FormulaFault:
        return ()


def value_of(value: ParameterValue, strategy: Numbers) -> ParameterValue:
    """The value that a bound one has with these strategy parameters, itself where it has none; others as they are."""
    if isinstance(value, ParameterReference):
        return strategy.get(value.name, value)
    if not isinstance(value, Formula):
        return value
    try:
        return number_from(value, strategy)
    except FormulaFault:
        return value


def number_from(formula: Formula, strategy: Numbers) -> int | float:
    """What the formula comes to, as Python would work it out; a strategy parameter of 10.0 counts as 10.

    Raises FormulaFault where it cannot be read, uses what is no number, divides by zero, or grows beyond LARGEST.
    """
    return worked_out(tree_of(formula.text), strategy)


def whole_number_from(formula: Formula, strategy: Numbers) -> int:
    """As `number_from`, for a parameter that takes whole numbers: what is not one by its kind is refused as well.

    So `fast_period / 2` is refused also where it comes to 10.0: with the next value it would not be whole.
    """
    number = number_from(formula, strategy)
    if isinstance(number, int):
        return number
    why = " here, but not always to a whole number" if number.is_integer() else " and not to a whole number"
    raise NotWhole(f"comes to {number:.12g}{why}", f"Write {rounded(formula).text}.")


def fault_in(value: ParameterValue, strategy: Numbers, schema: Mapping[str, Json]) -> FormulaFault | None:
    """What keeps a formula from coming to a number of the kind that its schema asks for; nothing in other values."""
    if not isinstance(value, Formula):
        return None
    try:
        (whole_number_from if schema.get("type") == "integer" else number_from)(value, strategy)
    except FormulaFault as fault:
        return fault
    return None


def rounded(formula: Formula) -> Formula:
    """The formula with `round` around it."""
    return Formula(f"round({formula.text})")


def renamed(value: ParameterValue, old: str, new: str) -> ParameterValue:
    """The value with another name for a strategy parameter."""
    if old not in names_in(value):
        return value
    if isinstance(value, Formula):
        named = Named(new)
        return Formula(written(changed(tree_of(value.text), lambda part: named if part == Named(old) else None)))
    return ParameterReference(new)


def without(value: ParameterValue, name: str, strategy: Numbers) -> ParameterValue:
    """The value with what a strategy parameter is now in its place; a formula without any other becomes a number."""
    held = strategy.get(name)
    if name not in names_in(value) or name not in strategy:
        return value
    if not isinstance(value, Formula):
        return held
    if isinstance(held, bool) or not isinstance(held, int | float):
        return value
    number = number_tree(held)
    left = Formula(written(changed(tree_of(value.text), lambda part: number if part == Named(name) else None)))
    return left if names_in(left) else value_of(left, {})


def with_other_number(text: str, old: object, new: int | float) -> list[str]:
    """The formula with `new` in the place of one number that is `old`, for each that is; its sign is part of it."""
    try:
        tree = tree_of(text)
    except FormulaFault:
        return []
    found = []
    for at in [part for part in walk(tree) if _literal(part) == old and not isinstance(old, bool)]:

        def instead(part: Tree, at: Tree = at) -> Tree | None:
            return number_tree(new) if part is at else None

        found.append(written(changed(tree, instead)))
    return found


def _literal(tree: Tree) -> int | float | None:
    """The number that a tree is, without any strategy parameter or operator but a sign."""
    if isinstance(tree, Negative) and isinstance(tree.operand, Number):
        return -tree.operand.value
    return tree.value if isinstance(tree, Number) else None


def worked_out(tree: Tree, strategy: Numbers) -> int | float:
    """The number that a tree comes to. Raises FormulaFault."""
    match tree:
        case Number(value):
            number: int | float = value
        case Named(name):
            number = _number(name, strategy)
        case Negative(operand):
            number = -worked_out(operand, strategy)
        case Both(symbol, left, right):
            number = _joined(symbol, worked_out(left, strategy), worked_out(right, strategy), right)
        case Applied(function, arguments):
            number = _applied(function, [worked_out(argument, strategy) for argument in arguments])
        case _:
            assert_never(tree)
    if not abs(number) <= LARGEST:
        raise _too_large()
    return number


def _too_large() -> FormulaFault:
    return FormulaFault("grows beyond 1e15", "Change it until its numbers stay smaller.")


def _number(name: str, strategy: Numbers) -> int | float:
    if name not in strategy:
        raise UnknownName(name, strategy)
    value = strategy[name]
    said = f"uses the strategy parameter '{name}', which is"
    if isinstance(value, Secret):
        raise FormulaFault(f"{said} sensitive and never in code", "Use one that is not.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        word = "empty" if value is None else "no number"
        raise FormulaFault(f"{said} {word}", f"Give '{name}' a number, or write one in its place.")
    return int(value) if isinstance(value, float) and abs(value) <= LARGEST and value.is_integer() else value


_OPERATIONS: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


def _joined(symbol: str, left: int | float, right: int | float, behind: Tree) -> int | float:
    if symbol == "**":
        return _power(left, right)
    if symbol in ("/", "//", "%") and right == 0:
        said = "divides by 0" if isinstance(behind, Number) else f"divides by {written(behind)}, which is 0"
        raise FormulaFault(said, "Change it, or the strategy parameters in it.")
    return _OPERATIONS[symbol](left, right)


def _power(base: int | float, power: int | float) -> int | float:
    if base == 0 and power < 0:
        raise FormulaFault(
            "divides by 0: it takes a power below 0 of 0", "Change it, or the strategy parameters in it."
        )
    if base != 0 and power * math.log2(abs(base)) > _LARGEST_POWER:
        raise _too_large()
    result: int | float | complex = base**power
    if isinstance(result, complex):
        raise FormulaFault("takes a root of a number below 0", "Change it, or the strategy parameters in it.")
    return result


def _applied(function: str, numbers: list[int | float]) -> int | float:
    match function:
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "abs":
            return abs(numbers[0])
        case "round" if len(numbers) == 1:
            return round(numbers[0])
        case _:
            places = numbers[1]
            if not isinstance(places, int) or not 0 <= places <= _MOST_PLACES:
                raise FormulaFault(f"rounds to {places:.12g} places", f"Write a whole number from 0 to {_MOST_PLACES}.")
            return round(numbers[0], places)
