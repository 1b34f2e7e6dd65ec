"""How the independent interpreter evaluates one block's recipes on one symbol's bars."""

import ast
from collections.abc import Callable
from typing import Any, Final, Protocol

import numpy as np
import talib
import talib.abstract
from numpy.typing import NDArray

from builder_app.codegen.interpreter.across import COMPARED
from builder_app.codegen.interpreter.meanings import MEANINGS
from builder_app.codegen.interpreter.rules import Interpretation, Rules
from builder_app.codegen.recipes.choices import AVERAGE_TYPES, CANDLE_PATTERNS
from builder_app.codegen.syntax import parsed

Array = NDArray[Any]

WORDS: Final = frozenset(
    (
        *("enter_long", "exit_long", "enter_short", "exit_short", "signals", "cooldown", "once_per", "with_strength"),
        *("position", "rebalance", "stop", "trailing_stop", "break_even", "time_stop", "target", "portfolio"),
    )
)
TAKES: Final = {
    **dict.fromkeys(("previous", "change", "highest", "lowest"), "sn"),
    **dict.fromkeys(("rolling_sum", "median", "standard_deviation", "z_score", "percentile_rank", "slope"), "sn"),
    "correlation": "ssn",
    "bars_since": "b",
    **dict.fromkeys(("within_bars", "for_bars", "month_start", "month_end"), "bn"),
    **dict.fromkeys(("new_period", "is_weekday", "is_month"), "bb"),
    **dict.fromkeys(("first_in", "in_session"), "bbb"),
    "completed": "sbbb",
    "completed_average": "sbbn",
}
"""How arguments are taken: s as a series, n as a whole number, b as they are."""


class Across(Protocol):
    """Whoever can compare what the same block gives for all symbols."""

    def value(self, node: ast.Call) -> Array:
        """What a call of one of COMPARED gives on this symbol's bars."""


class Evaluation:
    """Evaluates one block's recipes over its names."""

    def __init__(self, node: str, names: dict[str, Any], found: Interpretation, across: "Across | None" = None) -> None:
        self._names = names
        self._across = across
        self._bars = len(names["prices"]["close"])
        self._rules = Rules(node, found, self.series, names["prices"].get("time", np.empty(0)))

    def output(self, recipe: str) -> Any:
        """The value of an output port."""
        tree = parsed(recipe.strip(), mode="eval").body
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
            if tree.func.id == "formula":
                text = self._names[ast.unparse(tree.args[0])]
                return self.value(parsed(text.strip(), mode="eval").body)
            if tree.func.id == "function":
                return self._function(self._names[ast.unparse(tree.args[0])])
            if tree.func.id in WORDS:
                return self._rule(tree)
        return self.value(tree)

    def _function(self, text: str) -> Any:
        """A text of several lines: each gives a name its value, the last one is the answer."""
        before, self._names = self._names, dict(self._names)
        try:
            function = parsed("def function():\n" + "\n".join(f" {line}" for line in text.split("\n"))).body[0]
            assert isinstance(function, ast.FunctionDef)
            for statement in function.body:
                match statement:
                    case ast.Assign([ast.Name(name)], value):
                        self._names[name] = self.value(value)
                    case ast.AugAssign(ast.Name(name), operator, value):
                        self._names[name] = self._binary(self._names[name], operator, self.value(value))
                    case ast.Return(ast.expr() as value):
                        return self.value(value)
            raise AssertionError("A function without an answer is refused before.")
        finally:
            self._names = before

    def _rule(self, tree: ast.expr) -> Any:
        """A rule word with its inputs, which may be rules themselves."""
        if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name) or tree.func.id not in WORDS:
            return self.value(tree)
        inputs = [self._rule(argument) for argument in tree.args]
        return self._rules.take(tree.func.id, inputs, {str(each.arg): self.value(each.value) for each in tree.keywords})

    def value(self, node: ast.expr) -> Any:
        """The value of an expression: an array over the bars, a number, a text, several outputs, or wires."""
        match node:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return self._names[name]
            case ast.Attribute(ast.Name("np"), "nan"):
                return float("nan")
            case ast.Subscript(base, index):
                return self.value(base)[self.value(index)]
            case ast.BoolOp(operator, values):
                each = [self.value(value) for value in values]
                return MEANINGS["all_of" if isinstance(operator, ast.And) else "any_of"](each)
            case ast.UnaryOp(operator, operand):
                return _unary(operator, self.value(operand))
            case ast.BinOp(left, operator, right):
                return self._binary(self.value(left), operator, self.value(right))
            case ast.Compare(left, operators, rights):
                sides = [self.value(side) for side in (left, *rights)]
                pairs = zip(operators, sides, sides[1:], strict=False)
                return MEANINGS["all_of"]([self._compared(one, operator, other) for operator, one, other in pairs])
            case ast.IfExp(test, yes, no):
                first, second = self.series(self.value(yes)), self.series(self.value(no))
                pairs = zip(self.value(test), first, second, strict=True)
                return np.array([one if holds else other for holds, one, other in pairs], dtype=float)
            case ast.Call():
                return self._call(node)
            case _:
                raise AssertionError(f"Not a recipe: {ast.unparse(node)}")

    def series(self, value: Any) -> Array:
        """A number at every bar, or the series that it is."""
        return np.full(self._bars, float(value)) if np.ndim(value) == 0 else value

    def _binary(self, left: Any, operator: ast.operator, right: Any) -> Any:
        match operator:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div() if np.ndim(left) == np.ndim(right) == 0:
                return left / right
            case ast.Div():
                return MEANINGS["divide"](self.series(left), self.series(right))
            case ast.Pow():
                return np.power(self.series(left), self.series(right))
            case ast.BitAnd():
                return MEANINGS["all_of"]([left, right])
            case ast.BitOr():
                return MEANINGS["any_of"]([left, right])
            case _:
                raise AssertionError(f"Not an operator of recipes: {operator}")

    def _compared(self, left: Any, operator: ast.cmpop, right: Any) -> Array:
        one, other = self.series(left), self.series(right)
        meaning: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
            ast.Lt: lambda a, b: a < b,
            ast.LtE: lambda a, b: a <= b,
            ast.Gt: lambda a, b: a > b,
            ast.GtE: lambda a, b: a >= b,
        }
        compare = meaning[type(operator)]
        return np.array([compare(a, b) for a, b in zip(one, other, strict=True)], dtype=bool)

    def _input(self, kind: str, given: Any) -> Any:
        """An argument as its function takes it: a series, a whole number, or as it is."""
        return self.series(given) if kind == "s" else int(given) if kind == "n" else given

    def _call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id in COMPARED:
            if self._across is None:
                raise AssertionError("A default of an input cannot look across the symbols.")
            return self._across.value(node)
        arguments = [self.value(argument) for argument in node.args]
        keywords = {str(keyword.arg): self.value(keyword.value) for keyword in node.keywords}
        match node.func:
            case ast.Attribute(ast.Name("ta"), name):
                return self._indicator(name, arguments, keywords)
            case ast.Attribute(ast.Name("np"), "full_like"):
                return self.series(arguments[1])
            case ast.Attribute(ast.Name("np"), "where"):
                chosen, yes, no = arguments[0], self.series(arguments[1]), self.series(arguments[2])
                return np.array([a if c else b for c, a, b in zip(chosen, yes, no, strict=True)], dtype=float)
            case ast.Attribute(ast.Name("np"), name):
                if all(np.ndim(argument) == 0 for argument in arguments):
                    arguments = [self.series(arguments[0]), *arguments[1:]]
                return getattr(np, name)(*arguments)
            case ast.Name("all_of" | "any_of" | "count_of" as name):
                flat = [
                    item for argument in arguments for item in (argument if isinstance(argument, list) else [argument])
                ]
                return MEANINGS[name](flat)
            case ast.Name("moving_average_type"):
                return AVERAGE_TYPES[arguments[0]]
            case ast.Name("candle_pattern"):
                return self._candle(CANDLE_PATTERNS[arguments[0]], arguments[1:], keywords)
            case ast.Name(name) if name in TAKES:
                taken = zip(TAKES[name], arguments, strict=True)
                return MEANINGS[name](*(self._input(kind, each) for kind, each in taken))
            case ast.Name(name):
                return MEANINGS[name](*(self.series(argument) for argument in arguments))
            case _:
                raise AssertionError(f"Not a function of recipes: {ast.unparse(node)}")

    def _candle(self, name: str, prices: list[Any], keywords: dict[str, Any]) -> Any:
        taken = talib.abstract.Function(name).info["parameters"]  # type: ignore[attr-defined]
        return self._indicator(name, prices, {key: value for key, value in keywords.items() if key in taken})

    def _indicator(self, name: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        defaults = talib.abstract.Function(name).info["parameters"]  # type: ignore[attr-defined]
        cast = {key: type(defaults[key])(value) for key, value in keywords.items()}
        result = getattr(talib, name)(*(self.series(argument) for argument in arguments), **cast)
        if isinstance(result, tuple):
            return tuple(np.asarray(part, dtype=float) for part in result)
        return np.asarray(result, dtype=float)


def _unary(operator: ast.unaryop, value: Any) -> Any:
    match operator:
        case ast.USub():
            return -value
        case ast.UAdd():
            return value
        case _:
            return np.array([not item for item in value], dtype=bool)
