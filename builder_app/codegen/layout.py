"""Expressions and statements as lines of Python, exactly as the formatter leaves them at its default width."""

from collections.abc import Callable, Mapping
from typing import Final

from builder_app.codegen.expressions import (
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
from builder_app.codegen.literals import constant, in_python, quoted, width
from builder_app.codegen.passes.naming import COLUMN_NAMES
from builder_app.flow.formula_reading import tree_of
from builder_app.flow.formula_trees import Both, Negative, Tree

WIDTH: Final = 88
_PRECEDENCE: Final = {"<": 1, "<=": 1, ">": 1, ">=": 1, "|": 2, "&": 3, "+": 4, "-": 4, "*": 5, "/": 5}
_UNARY: Final = 6
_ATOM: Final = 7
Render = Callable[[Expression], str]


def renderer(names: Mapping[Reference | Parameter, str]) -> Render:
    """A function that writes an expression on one line, references by these names, price columns by theirs."""

    def written(expression: Expression) -> str:
        match expression:
            case Constant(value):
                return constant(value)
            case NotANumber():
                return "np.nan"
            case Parameter(parameter):
                return names.get(expression) or f"PARAMETERS[{quoted(parameter)}]"
            case Derived(formula, constant_name):
                return constant_name or in_python(tree_of(formula))
            case Price(Constant(column)):
                return COLUMN_NAMES[str(column)]
            case Price(column):
                return f"prices[{written(column)}]"
            case Reference():
                return names[expression]
            case Market():
                return "market"
            case KeyOf(value):
                return quoted(written(value))
            case Call() | GroupCall():
                return f"{expression.function}({', '.join(_parts_of(expression, written))})"
            case Operation(symbol, operands) if len(operands) == 1:
                return symbol + wrapped(operands[0], _UNARY)
            case Operation(symbol, operands):
                own = _PRECEDENCE[symbol]
                right = own if symbol in "&|" else own + 1
                left = own + 1 if own == 1 else own
                rest = [wrapped(operand, right) for operand in operands[1:]]
                return f" {symbol} ".join([wrapped(operands[0], left), *rest])
            case Name() | Element():
                raise AssertionError(f"{expression} is left over from a recipe.")

    def wrapped(expression: Expression, least: int) -> str:
        text = written(expression)
        return text if precedence(expression) >= least else f"({text})"

    return written


def precedence(expression: Expression) -> int:
    """How tightly an expression holds together; the greater the tighter."""
    if isinstance(expression, Derived) and not expression.name:
        return tightness(tree_of(expression.formula))
    if not isinstance(expression, Operation):
        return _ATOM
    return _UNARY if len(expression.operands) == 1 else _PRECEDENCE[expression.symbol]


def tightness(tree: Tree) -> int:
    """The same of a formula."""
    if isinstance(tree, Both) and tree.symbol != "**":
        return _PRECEDENCE[{"//": "/", "%": "/"}.get(tree.symbol, tree.symbol)]
    return _UNARY if isinstance(tree, Negative) else _ATOM


def assignment(targets: str, expression: Expression, written: Render) -> list[str]:
    """`targets = expression` inside a function, over as many lines as the formatter takes.

    What does not fit on a line must be a call, a chain of three or more operands that fit on lines of their own, or an
    operation on plain operands: the pass `narrow` sees to that.
    """
    line = f"    {targets} = {written(expression)}"
    if width(line) <= WIDTH:
        return [line]
    if isinstance(expression, Call | GroupCall):
        parts = _parts_of(expression, written)
        return exploded(f"    {targets} = {expression.function}(", parts, "    )")
    if isinstance(expression, Price):
        return exploded(f"    {targets} = prices[", [written(expression.column)], "    ]")
    if isinstance(expression, Operation):
        whole = f"        {written(expression)}"
        return [f"    {targets} = (", *([whole] if width(whole) <= WIDTH else _chain(expression, written)), "    )"]
    return [line]


def _parts_of(call: Call | GroupCall, written: Render) -> list[str]:
    """What stands between the brackets of a call."""
    prices = ["prices"] if isinstance(call, GroupCall) and call.takes_prices else []
    named = [f"{keyword}={written(value)}" for keyword, value in call.keywords]
    return [*prices, *(written(argument) for argument in call.arguments), *named]


def exploded(opening: str, parts: list[str], closing: str) -> list[str]:
    """Brackets whose content stands on one indented line, or, where it does not fit, one part a line."""
    indent = " " * (len(opening) - len(opening.lstrip()) + 4)
    together = indent + ", ".join(parts)
    if width(together) <= WIDTH:
        return [opening, together, closing]
    return [opening, *(f"{indent}{part}," for part in parts), closing]


def is_plain(expression: Expression) -> bool:
    """Whether the formatter has nothing in it to break a line at: a name, a number, or one with a sign before it."""
    if isinstance(expression, Operation) and len(expression.operands) == 1:
        return isinstance(expression.operands[0], Reference)
    if isinstance(expression, Price):
        return isinstance(expression.column, Constant)
    if isinstance(expression, Derived):
        return bool(expression.name)
    return not isinstance(expression, Call | GroupCall | Operation | Element | Parameter)


def _chain(operation: Operation, written: Render) -> list[str]:
    """One operand a line, its operator before it."""
    own = _PRECEDENCE[operation.symbol]
    texts = [(written(operand), precedence(operand)) for operand in operation.operands]
    first, *rest = [text if tightness >= own else f"({text})" for text, tightness in texts]
    return [f"        {first}", *(f"        {operation.symbol} {operand}" for operand in rest)]
