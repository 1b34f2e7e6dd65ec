"""Formulas over strategy parameters as trees, and as text: `2 * fast_period + 1`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

OPERATORS: Final[Mapping[str, int]] = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "**": 4}
"""The operators between two operands, with how tightly they hold; they mean what they mean in Python."""
FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {"min": (2, 8), "max": (2, 8), "round": (1, 2), "abs": (1, 1)}
"""The functions, with how many numbers each takes at least and at most; they, too, are Python's."""
_SIGN: Final = 3
_ATOM: Final = 5
_PLAIN_NAME: Final = re.compile(r"[^\W\d]\w*")
_TIGHT: Final = re.compile(r"-?[\w.]+(e-\d+)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number, never below 0: a sign before it is an operator."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Named:
    """The value of the strategy parameter of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """What stands behind a minus sign."""

    operand: "Tree"


@dataclass(frozen=True, slots=True)
class Both:
    """An operator between two operands."""

    symbol: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of numbers."""

    function: str
    arguments: tuple["Tree", ...]


Tree = Number | Named | Negative | Both | Applied


def parts(tree: Tree) -> tuple[Tree, ...]:
    """What stands directly inside, in reading order."""
    match tree:
        case Number() | Named():
            return ()
        case Negative(operand):
            return (operand,)
        case Both(_, left, right):
            return left, right
        case Applied(_, arguments):
            return arguments
        case _:
            assert_never(tree)


def with_parts(tree: Tree, inner: tuple[Tree, ...]) -> Tree:
    """The same tree around other parts, given in the order of `parts`."""
    match tree:
        case Number() | Named():
            return tree
        case Negative():
            return negative(inner[0])
        case Both(symbol):
            return Both(symbol, inner[0], inner[1])
        case Applied(function):
            return Applied(function, inner)
        case _:
            assert_never(tree)


def negative(tree: Tree) -> Tree:
    """The tree behind a minus sign; two of them are none."""
    return tree.operand if isinstance(tree, Negative) else Negative(tree)


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and everything in it, in reading order."""
    yield tree
    for part in parts(tree):
        yield from walk(part)


def changed(tree: Tree, change: Callable[[Tree], Tree | None]) -> Tree:
    """The tree with something else wherever `change` gives something else; it is not looked into any more."""
    instead = change(tree)
    if instead is not None:
        return instead
    return with_parts(tree, tuple(changed(part, change) for part in parts(tree)))


def number_tree(value: int | float) -> Tree:
    """A number as a tree, its sign as one."""
    return Negative(Number(-value)) if value < 0 else Number(value)


def binding(tree: Tree) -> int:
    """How tightly the tree holds together, in the measure of OPERATORS."""
    match tree:
        case Negative():
            return _SIGN
        case Both(symbol):
            return OPERATORS[symbol]
        case _:
            return _ATOM


def quoted_name(name: str) -> str:
    """A strategy parameter's name as it stands in a formula: plain where it is one word, else in quotes."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(tree: Tree, name: Callable[[str], str] = quoted_name, *, formatted: bool = False) -> str:
    """The tree as text with no needless parentheses; `name` writes names.

    `formatted`: as Python's formatters leave it, which write `2**3` but `x[0] ** 3`.
    """

    def within(part: Tree, least: int) -> str:
        text = written(part, name, formatted=formatted)
        return text if binding(part) >= least else f"({text})"

    match tree:
        case Number(value):
            return repr(value).replace("e+", "e")
        case Named(called):
            return name(called)
        case Negative(operand):
            return f"-{within(operand, _ATOM)}"
        case Applied(function, arguments):
            return f"{function}({', '.join(within(argument, 0) for argument in arguments)})"
        case Both("**", left, right):
            base, power = within(left, _ATOM), within(right, _SIGN if isinstance(right, Negative) else _ATOM)
            tight = formatted and _TIGHT.fullmatch(base) and _TIGHT.fullmatch(power)
            return f"{base}**{power}" if tight else f"{base} ** {power}"
        case Both(symbol, left, right):
            own = OPERATORS[symbol]
            return f"{within(left, own)} {symbol} {within(right, own + 1)}"
        case _:
            assert_never(tree)
