"""The allow-list inside `signals(prices)` and the steps before it, and inside the constants PARAMETERS and RULES."""

import ast
import re
from typing import Final

from builder_app.codegen.expressions import PRICE_COLUMNS
from builder_app.codegen.formula_check import Defined
from builder_app.codegen.passes.naming import COLUMN_NAMES, RESERVED
from builder_app.codegen.prelude import NAMES
from builder_app.codegen.program import Finding
from builder_app.codegen.recipes.vocabulary import Kind, signature_of

NOTHING_DEFINED: Final = Defined()
_ASSIGNABLE: Final = frozenset({"_", *COLUMN_NAMES.values()})
_BINARY: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.BitAnd, ast.BitOr)
_UNARY: Final = (ast.USub, ast.Invert)
_ARRAY: Final = "np.ndarray"
_ARRAYS: Final = re.compile(r"tuple\[np\.ndarray(, np\.ndarray)*\]")
_NUMBERS: Final = ("int", "float", "str")
_COMPARE: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def constant_findings(node: ast.expr, may_refer: Defined | None = None) -> list[Finding]:
    """Findings in a constant: only texts, numbers, None, lists and dicts.

    Where it `may_refer` to what is defined, also PARAMETERS["name"] and formulas over these.
    """
    match node:
        case ast.Constant(value) if value is None or isinstance(value, str | bool | int | float):
            return []
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float())):
            return []
        case ast.List(elements):
            return [finding for element in elements for finding in constant_findings(element, may_refer)]
        case ast.Dict(keys, values):
            named = all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys)
            found = [] if named else [Finding(node.lineno, "A key must be a text.", "constant")]
            return found + [finding for value in values for finding in constant_findings(value, may_refer)]
        case _ if may_refer is not None and (_is_parameter(node) or may_refer.number(node) is not None):
            return []
        case _:
            return [Finding(node.lineno, f"'{_short(node)}' is not a constant.", "constant")]


class BodyCheck:
    """Goes through the statements of a step in order, knowing which names have a value.

    `is_across`: it looks across the symbols; `has_earlier`: it may use what earlier steps returned; `defined`: what
    stands above it in the text; `arguments`: it is a group's function itself, and has these.
    """

    def __init__(
        self,
        is_across: bool = False,
        has_earlier: bool = False,
        defined: Defined = NOTHING_DEFINED,
        arguments: frozenset[str] | None = None,
    ) -> None:
        self._is_across = is_across
        self._has_earlier = has_earlier
        self._defined = defined
        self._is_group = arguments is not None
        self._known: set[str] = set(arguments or ())
        self._findings: list[Finding] = []

    def findings(self, body: list[ast.stmt]) -> list[Finding]:
        """Everything in the body that is not on the allow-list."""
        for place, statement in enumerate(body):
            match statement:
                case ast.Expr(ast.Constant(str())) if place == 0:
                    continue
                case ast.Assign([target], value):
                    self._expression(value)
                    self._target(target)
                case ast.Return(ast.Dict(keys, values)) if place == len(body) - 1 and not self._is_group:
                    self._answer(keys, values)
                case ast.Return(ast.Name() as value) if place == len(body) - 1 and self._is_group:
                    self._expression(value)
                case ast.Return(ast.Tuple(values)) if place == len(body) - 1 and self._is_group:
                    self._all(*values)
                case _:
                    word = type(statement).__name__
                    self._note(statement, f"This statement ({word}) has no place in signals.", "statement")
        return self._findings

    def _note(self, node: ast.stmt | ast.expr, message: str, code: str) -> None:
        self._findings.append(Finding(node.lineno, message, code))

    def _target(self, target: ast.expr) -> None:
        match target:
            case ast.Name(name) if name not in RESERVED or name in _ASSIGNABLE:
                self._known |= {name} - {"_"}
            case ast.Tuple(elements) if all(isinstance(element, ast.Name) for element in elements):
                for element in elements:
                    self._target(element)
            case _:
                self._note(target, f"Nothing may be assigned to '{_short(target)}'.", "name")

    def _answer(self, keys: list[ast.expr | None], values: list[ast.expr]) -> None:
        for key, value in zip(keys, values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Name)):
                self._note(value, "signals must return names of steps under text keys.", "statement")
            else:
                self._expression(value)

    def _expression(self, node: ast.expr) -> None:
        match node:
            case ast.Constant(value) if isinstance(value, int | float) and not isinstance(value, bool):
                return
            case ast.Name(name) if name in self._known:
                return
            case ast.Attribute(ast.Name("np"), "nan"):
                return
            case ast.Subscript(ast.Name("prices"), column) if not self._is_across and _is_column(column):
                return
            case ast.Subscript(ast.Name("prices"), ast.Name(name)) if self._is_group and name in self._known:
                return
            case ast.Call(ast.Name(name), arguments, keywords) if (
                name in self._defined.functions and not self._is_across
            ):
                given = [argument for argument in arguments if not _is_prices(argument)]
                named = [keyword.value for keyword in keywords if keyword.arg is not None]
                self._all(*given, *(value for value in named if not _is_text(value)))
                if len(named) != len(keywords) or any(_is_prices(argument) for argument in arguments[1:]):
                    self._note(node, "A group's function takes prices first, and no '**'.", "call")
            case ast.Call(function, arguments, keywords) if _is_allowed(function):
                named = [keyword.value for keyword in keywords if keyword.arg is not None]
                self._all(*(argument for argument in arguments if not _is_word(function, argument)), *named)
                if len(named) != len(keywords):
                    self._note(node, "'**' is not allowed in a call.", "call")
            case ast.Subscript(ast.Name("earlier"), ast.Constant(str())) if self._has_earlier:
                return
            case ast.Name("market") if self._is_across:
                return
            case _ if _is_parameter(node) or self._defined.number(node) is not None:
                return
            case ast.BinOp(left, operator, right) if isinstance(operator, _BINARY):
                self._all(left, right)
            case ast.UnaryOp(operator, operand) if isinstance(operator, _UNARY):
                self._expression(operand)
            case ast.Compare(left, [operator], [right]) if isinstance(operator, _COMPARE):
                self._all(left, right)
            case _:
                self._note(node, f"'{_short(node)}' is not on the list of what a strategy may use.", "expression")

    def _all(self, *nodes: ast.expr) -> None:
        for node in nodes:
            self._expression(node)


def group_findings(node: ast.FunctionDef, defined: Defined) -> list[Finding]:
    """Findings in the function of a group; `defined` is what stands above it."""
    held = node.args
    names = [argument.arg for argument in held.args]
    inputs = [name for name in names if name != "prices"]
    plain = not (held.posonlyargs or held.kwonlyargs or held.vararg or held.kwarg or node.decorator_list)
    typed = all(_is_typed(argument) for argument in held.args)
    gives = ast.unparse(node.returns) if node.returns is not None else ""
    known = node.name not in RESERVED and "prices" not in names[1:] and not RESERVED.intersection(inputs)
    if plain and typed and known and (gives == _ARRAY or _ARRAYS.fullmatch(gives)) and _ends_in_answer(node):
        found = [finding for default in held.defaults for finding in constant_findings(default)]
    else:
        message = f"The function '{node.name[:60]}' is not of the form that groups have."
        found = [Finding(node.lineno, message, "function")]
    return found + BodyCheck(defined=defined, arguments=frozenset(inputs)).findings(node.body)


def _is_typed(argument: ast.arg) -> bool:
    said = ast.unparse(argument.annotation) if argument.annotation is not None else ""
    return said == "dict[str, np.ndarray]" if argument.arg == "prices" else said in (_ARRAY, *_NUMBERS)


def _ends_in_answer(node: ast.FunctionDef) -> bool:
    return isinstance(node.body[-1], ast.Return) and len(set(_argument_names(node))) == len(_argument_names(node))


def _argument_names(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in node.args.args]


def _is_prices(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "prices"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_word(function: ast.expr, argument: ast.expr) -> bool:
    """A text for a function that takes one: a period, a time of day, a symbol, a key."""
    signature = signature_of(function.id) if isinstance(function, ast.Name) else None
    takes_text = signature is not None and Kind.TEXT in signature.takes
    return takes_text and isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def _is_column(node: ast.expr) -> bool:
    known = (*PRICE_COLUMNS, "time")
    return _is_parameter(node) or (isinstance(node, ast.Constant) and node.value in known)


def _is_parameter(node: ast.expr) -> bool:
    match node:
        case ast.Subscript(ast.Name("PARAMETERS"), ast.Constant(str())):
            return True
        case _:
            return False


def _is_allowed(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(ast.Name("ta" | "np" as namespace), name):
            return signature_of(f"{namespace}.{name}") is not None
        case ast.Name(name):
            return name in NAMES
        case _:
            return False


def _short(node: ast.expr) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else text[:59] + "…"
