"""Turns a recipe's Python syntax into an Expression, word by word; whatever is not known here is refused."""

import ast
import difflib
import math
import re
import warnings
from collections.abc import Mapping
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
    Price,
)
from builder_app.codegen.recipes.kinds import RecipeRefused
from builder_app.codegen.recipes.rule_words import RULE_WORDS
from builder_app.codegen.recipes.vocabulary import (
    CONDITION_LISTS,
    FORMULA,
    FUNCTION,
    Kind,
    all_function_names,
    signature_of,
)
from builder_app.codegen.syntax import parsed

MAXIMUM_LENGTH: Final = 1000
MAXIMUM_PARTS: Final = 200
LARGEST_NUMBER: Final = 1e15

_ARITHMETIC: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
_COMPARISON: Final[Mapping[type[ast.cmpop], str]] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_NAMESPACES: Final = ("ta", "np")
_WORD: Final = re.compile(r"[A-Za-z0-9^][A-Za-z0-9 :.=^/_-]{0,39}")
"""A text in a formula: a period, a time of day, a symbol. Functions say which they know."""


class Reader:
    """Turns Python's syntax tree into an Expression, counting its parts."""

    def __init__(self, names: Mapping[str, Kind]) -> None:
        self._names = names
        self._parts = 0

    def read(self, text: str) -> Expression:
        """The whole recipe."""
        if not text.strip():
            raise RecipeRefused("The formula is empty.")
        if len(text) > MAXIMUM_LENGTH:
            raise RecipeRefused(f"The formula has {len(text)} characters; at most {MAXIMUM_LENGTH} are allowed.")
        if "\\" in text or not all(character.isprintable() or character in " \n\t" for character in text):
            raise RecipeRefused("The formula holds a backslash or an invisible character; take it out.")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = parsed(text.strip(), mode="eval")
        except SyntaxError as error:
            raise RecipeRefused(f"The formula cannot be read: {error.msg} (column {error.offset or 0}).") from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise RecipeRefused("The formula cannot be read: it is nested too deeply.") from error
        return self._expression(tree.body)

    def _expression(self, node: ast.expr) -> Expression:
        self._parts += 1
        if self._parts > MAXIMUM_PARTS:
            raise RecipeRefused(f"The formula has more than {MAXIMUM_PARTS} parts; split it over several blocks.")
        match node:
            case ast.Constant():
                return self._constant(node.value)
            case ast.Name(id):
                return self._name(id)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Call():
                return self._call(node)
            case ast.BinOp() | ast.UnaryOp() | ast.BoolOp():
                return self._operation(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.Attribute(ast.Name("np"), "nan"):
                return NotANumber()
            case ast.Attribute():
                raise RecipeRefused(f"'{_short(node)}' is not allowed: only functions of ta and np may follow a dot.")
            case _:
                raise RecipeRefused(f"'{_short(node)}' is not allowed in a formula.")

    def _constant(self, value: object) -> Expression:
        if isinstance(value, str) and _WORD.fullmatch(value):
            return Constant(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RecipeRefused(f"'{str(value)[:40]}' is not allowed: only numbers stand in a formula.")
        if abs(value) > LARGEST_NUMBER or not math.isfinite(value):
            raise RecipeRefused("A number in the formula is too large; at most 1e15 is allowed.")
        return Constant(value)

    def _name(self, name: str) -> Expression:
        if name in self._names:
            return Name(name)
        near = difflib.get_close_matches(name, [*self._names, *all_function_names()], 1)
        hint = f"; did you mean '{near[0]}'?" if near else f"; it may use {', '.join(self._names) or 'prices only'}."
        raise RecipeRefused(f"The formula uses '{name}', which is not one of its inputs or parameters{hint}")

    def _subscript(self, node: ast.Subscript) -> Expression:
        match node.value, node.slice:
            case ast.Name("prices"), ast.Constant(str() as column):
                if column not in (*PRICE_COLUMNS, "time"):
                    raise RecipeRefused(f"There is no price called '{column[:40]}'; use {', '.join(PRICE_COLUMNS)}.")
                return Price(Constant(column))
            case ast.Name("prices"), ast.Name(id) if self._names.get(id) is Kind.TEXT:
                return Price(Name(id))
            case ast.Call() as call, ast.Constant(int() as index) if not isinstance(index, bool):
                return _one_output(self._expression(call), index)
            case _:
                raise RecipeRefused(
                    f"'{_short(node)}' is not allowed: index prices by column, or a function's outputs."
                )

    def _call(self, node: ast.Call) -> Expression:
        function = self._function(node.func)
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            raise RecipeRefused(f"'*' is not allowed in a call of {function}.")
        keywords = []
        for keyword in node.keywords:
            if keyword.arg is None:
                raise RecipeRefused(f"'**' is not allowed in a call of {function}.")
            keywords.append((keyword.arg, self._expression(keyword.value)))
        call = Call(function, tuple(self._expression(argument) for argument in node.args), tuple(keywords))
        signature = signature_of(function)
        if signature and signature.outputs == 1 and signature.gives_whole:
            return Call("as_series", (call,))
        return call

    def _function(self, node: ast.expr) -> str:
        match node:
            case ast.Attribute(ast.Name(namespace), name) if namespace in _NAMESPACES:
                function = f"{namespace}.{name}"
                if signature_of(function):
                    return function
            case ast.Name(function):
                if signature_of(function) or function in (*CONDITION_LISTS, *RULE_WORDS, FORMULA, FUNCTION):
                    return function
            case _:
                raise RecipeRefused(f"'{_short(node)}' is not a function that a formula may call.")
        near = difflib.get_close_matches(function, all_function_names(), 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise RecipeRefused(f"'{function[:60]}' is not a function that a formula may call.{hint}")

    def _operation(self, node: ast.BinOp | ast.UnaryOp | ast.BoolOp) -> Expression:
        match node:
            case ast.BoolOp(operator, values):
                symbol = "&" if isinstance(operator, ast.And) else "|"
                return _flat(symbol, tuple(self._expression(value) for value in values))
            case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
                return Operation("~", (self._expression(operand),))
            case ast.UnaryOp(ast.USub(), operand):
                inner = self._expression(operand)
                if isinstance(inner, Constant) and not isinstance(inner.value, str):
                    return Constant(-inner.value)
                return Operation("-", (inner,))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self._expression(operand)
            case ast.BinOp(left, ast.Pow(), right):
                return Call("np.power", (self._expression(left), self._expression(right)))
            case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC:
                symbol = _ARITHMETIC[type(operator)]
                operands = (self._expression(left), self._expression(right))
                return _flat(symbol, operands) if symbol in "&|" else Operation(symbol, operands)
            case _:
                raise RecipeRefused(f"The operator in '{_short(node)}' is not allowed; use + - * / ** & | ~.")

    def _comparison(self, node: ast.Compare) -> Expression:
        sides = [self._expression(side) for side in (node.left, *node.comparators)]
        pairs = []
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            symbol = _COMPARISON.get(type(operator))
            if symbol is None:
                raise RecipeRefused(f"'{_short(node)}' is not allowed: compare with < <= > >=, or is_equal(a, b).")
            pairs.append(Operation(symbol, (left, right)))
        return pairs[0] if len(pairs) == 1 else Operation("&", tuple(pairs))


def _flat(symbol: str, operands: tuple[Expression, ...]) -> Expression:
    """`a & b & c` as one operation on three, so that a long list is not a deep one."""
    parts: list[Expression] = []
    for operand in operands:
        same = isinstance(operand, Operation) and operand.symbol == symbol
        parts.extend(operand.operands if same and isinstance(operand, Operation) else (operand,))
    return Operation(symbol, tuple(parts))


def _one_output(call: Expression, index: int) -> Expression:
    element = Element(call, index)
    signature = signature_of(call.function) if isinstance(call, Call) else None
    whole = signature is not None and index in signature.gives_whole
    return Call("as_series", (element,)) if whole else element


def _short(node: ast.expr) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else text[:59] + "…"
