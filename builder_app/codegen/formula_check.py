"""The allow-list for formulas over PARAMETERS: what they may be made of, and that they come to a number."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from builder_app.flow.formula_reading import FormulaFault
from builder_app.flow.formula_trees import FUNCTIONS, Applied, Both, Named, Number, Tree, negative, walk
from builder_app.flow.formulas import worked_out
from builder_app.flow.values import ParameterValue

_CONSTANT: Final = "›"
"""Before the name of a constant of the text, so that no strategy parameter has it."""
_SYMBOLS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}


@dataclass(frozen=True, slots=True)
class Defined:
    """What a text has defined so far: the functions of groups, and the numbers that formulas may name."""

    functions: frozenset[str] = frozenset()
    numbers: Mapping[str, ParameterValue] = field(default_factory=dict)

    def with_function(self, name: str) -> "Defined":
        """And the function of one more group."""
        return Defined(self.functions | {name}, self.numbers)

    def with_parameters(self, table: ast.Dict) -> "Defined":
        """And the strategy parameters."""
        found: dict[str, ParameterValue] = dict(self.numbers)
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found[key.value] = _literal(value)
        return Defined(self.functions, found)

    def with_formula(self, name: str, value: ast.expr) -> "Defined":
        """And a constant that holds a formula."""
        return Defined(self.functions, {**self.numbers, _CONSTANT + name: self.number(value)})

    def has_formula(self, name: str) -> bool:
        """Whether there is a constant of this name that holds a formula."""
        return _CONSTANT + name in self.numbers

    def number(self, node: ast.expr) -> int | float | None:
        """What a formula comes to; None for what is not one: it must name a strategy parameter, and have a value."""
        tree = self._tree(node)
        if tree is None or not any(isinstance(part, Named) for part in walk(tree)):
            return None
        try:
            return worked_out(tree, self.numbers)
        except FormulaFault:
            return None

    def _tree(self, node: ast.expr) -> Tree | None:
        match node:
            case ast.Constant(value) if isinstance(value, int | float) and not isinstance(value, bool):
                return Number(value)
            case ast.Subscript(ast.Name("PARAMETERS"), ast.Constant(str() as name)):
                return Named(name)
            case ast.Name(name) if _CONSTANT + name in self.numbers:
                return Named(_CONSTANT + name)
            case ast.UnaryOp(ast.USub(), operand):
                inner = self._tree(operand)
                return None if inner is None else negative(inner)
            case ast.BinOp(left, operator, right) if type(operator) in _SYMBOLS:
                one, other = self._tree(left), self._tree(right)
                return None if one is None or other is None else Both(_SYMBOLS[type(operator)], one, other)
            case ast.Call(ast.Name(name), arguments, []) if name in FUNCTIONS:
                parts = [part for argument in arguments if (part := self._tree(argument)) is not None]
                least, most = FUNCTIONS[name]
                fits = len(parts) == len(arguments) and least <= len(parts) <= most
                return Applied(name, tuple(parts)) if fits else None
            case _:
                return None


def _literal(node: ast.expr) -> ParameterValue:
    match node:
        case ast.Constant(bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as value)) if not isinstance(value, bool):
            return -value
        case _:
            return None
