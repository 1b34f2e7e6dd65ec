"""A generated file opened again: its flow, with constants that were edited by hand taken back into the parameters.

A constant is taken back where setting one parameter makes the generated text hold it, and nothing else differs by it.
What no parameter says is not guessed: it is given as a difference of the texts.
"""

import ast
import copy
import difflib
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program
from builder_app.codegen.reading_back.carried_flow import CarriedFlow, above_the_flow, read_flow_inside
from builder_app.codegen.syntax import parsed
from builder_app.flow.drawing import ValidateParameters
from builder_app.flow.edits import Edit, SetParameter, SetStrategyParameter, apply
from builder_app.flow.formulas import with_other_number
from builder_app.flow.group_expansion import expanded
from builder_app.flow.group_paths import path_name
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.rules_groups import localised
from builder_app.flow.templates import Catalogue, effective_parameters
from builder_app.flow.values import Binding, Formula, Literal, LogicFlow, ParameterValue, Secret
from builder_app.flow.wording import value_words, words

MOST_CONSTANTS: Final = 60
"""Of more edited constants none are looked for: that is another strategy."""

_NAMES_ITS_FLOW: Final = re.compile(r"from the logic flow [0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A flow out of a file of code. `taken` are sentences, one for each value that was taken back.

    `difference` is empty where the picture says all that the file says; else it is a unified difference, from the text
    that the picture gives to the text of the file.
    """

    flow: LogicFlow
    target: str
    taken: tuple[str, ...] = ()
    difference: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class _Change:
    """A constant that is another one in the edited text: where it stands in the generated one, and both values.

    `table` is the name of the constant at module level that it is in, or empty; `key` its own key there.
    """

    line: int
    table: str
    key: str
    old: Literal
    new: Literal


def read_back(source: str, catalogue: Catalogue, validate: ValidateParameters) -> ReadBack:
    """The flow that a file of code carries, brought up to what was edited by hand. Raises NoFlowInside."""
    carried = read_flow_inside(source)
    if not carried.edited:
        return ReadBack(carried.flow, carried.target)
    program = compile_flow(carried.flow, catalogue, carried.target, validate)
    if not isinstance(program, Program):
        told = f"The text was edited by hand, and its picture cannot be code: {program[0].message}\n"
        return ReadBack(carried.flow, carried.target, difference=told + carried.text, edited=True)
    return _taken_back(carried, program, catalogue, validate)


def _taken_back(carried: CarriedFlow, program: Program, catalogue: Catalogue, validate: ValidateParameters) -> ReadBack:
    """Set one parameter after the other, each only where the texts come nearer to each other by it."""
    flow, taken = carried.flow, []
    changes = _changes(program, carried.text)
    while changes:
        for edit, sentence in _steps(flow, program, changes, catalogue):
            changed, _ = apply(flow, edit)
            other = compile_flow(changed, catalogue, carried.target, validate)
            left = _changes(other, carried.text) if isinstance(other, Program) else None
            if isinstance(other, Program) and left is not None and len(left) < len(changes):
                flow, program, changes = changed, other, left
                taken.append(sentence)
                break
        else:
            break
    return ReadBack(flow, carried.target, tuple(taken), _difference(program, carried.text), edited=True)


def _steps(
    flow: LogicFlow, program: Program, changes: tuple[_Change, ...], catalogue: Catalogue
) -> Iterator[tuple[Edit, str]]:
    """The parameters that may stand behind a changed constant: those of the blocks of its line with the old value."""
    known = catalogue_with_groups(flow, catalogue)
    opened = expanded(flow, known)
    for change in changes:
        told = f"from {value_words(change.old)} to {value_words(change.new)}"
        if change.table == "PARAMETERS":
            parameter = flow.parameters.get(change.key)
            if parameter is not None:
                value = _in_the_kind_of(parameter.value, change.new)
                edit = SetStrategyParameter(change.key, replace(parameter, value=value))
                yield edit, f"The strategy parameter '{words(change.key)}' was set {told}."
            continue
        for id in program.lines[change.line - 1] if change.line else ():
            node = opened.nodes.get(id) or flow.nodes.get(id)
            template = known.of(node) if node is not None else None
            if node is None or template is None:
                continue
            for name, held in effective_parameters(node, template, {}).items():
                for instead in _instead(held, change):
                    where = " in its formula" if isinstance(held, Formula) else ""
                    sentence = f"'{path_name(flow, catalogue, id)}': the {words(name)} was set {told}{where}."
                    wanted = localised(SetParameter(id, name, instead), flow)
                    if wanted is not None:
                        yield wanted, sentence


def _instead(held: ParameterValue, change: _Change) -> Iterator[ParameterValue]:
    """What a value may have become: the new constant, or a formula with it in the place of one of its numbers."""
    if isinstance(held, Formula):
        if isinstance(change.new, int | float) and not isinstance(change.new, bool):
            yield from (Formula(text) for text in with_other_number(held.text, change.old, change.new))
    elif not isinstance(held, Binding | Secret) and _equal(held, change.old):
        yield _in_the_kind_of(held, change.new)


def _in_the_kind_of(old: object, new: Literal) -> Literal:
    """A whole number stays one, and a broken one too, however it was typed."""
    if isinstance(new, bool) or isinstance(old, bool):
        return new
    if isinstance(old, float) and isinstance(new, int):
        return float(new)
    return int(new) if isinstance(old, int) and isinstance(new, float) and new.is_integer() else new


def _changes(program: Program, edited: str) -> tuple[_Change, ...] | None:
    """The constants in which statements of both texts differ; None where one is not Python, or they are too many."""
    try:
        found = tuple(_statements(parsed(above_the_flow(program.source)).body, parsed(edited).body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return found if len(found) <= MOST_CONSTANTS else None


def _statements(one: list[ast.stmt], other: list[ast.stmt]) -> Iterator[_Change]:
    """Compare the statements that both have, in order; those that only one has are left to the difference of texts."""
    shapes = [_shape(statement) for statement in one], [_shape(statement) for statement in other]
    for start, at, size in difflib.SequenceMatcher(None, *shapes, autojunk=False).get_matching_blocks():
        for left, right in zip(one[start : start + size], other[at : at + size], strict=True):
            if isinstance(left, ast.FunctionDef) and isinstance(right, ast.FunctionDef):
                yield from _statements(_without_docstring(left.body), _without_docstring(right.body))
            elif not _is_text(left):
                name = left.targets[0] if isinstance(left, ast.Assign) else None
                table = name.id if isinstance(name, ast.Name) and left.col_offset == 0 else ""
                yield from _compared(left, right, (table, ""))


def _shape(statement: ast.stmt) -> str:
    """A statement without its constants; a function is known by its name."""
    if isinstance(statement, ast.FunctionDef):
        return f"def {statement.name}"
    return ast.dump(_WithoutConstants().visit(copy.deepcopy(statement)))


class _WithoutConstants(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant(isinstance(node.value, str))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        return ast.Constant(False) if _constant(node) is not None else self.generic_visit(node)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    return body[1:] if body and _is_text(body[0]) else body


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _compared(one: ast.AST, other: ast.AST, place: tuple[str, str]) -> Iterator[_Change]:
    """Walk two trees of one shape side by side; `place` is the table and the key that lead here."""
    values = _constant(one), _constant(other)
    if values[0] is not None and values[1] is not None:
        if not _equal(values[0].value, values[1].value):
            yield _Change(getattr(one, "lineno", 0), *place, values[0].value, values[1].value)
        return
    keys = [key.value if isinstance(key, ast.Constant) else "" for key in one.keys] if isinstance(one, ast.Dict) else []
    for field in one._fields:
        first, second = _items(one, field), _items(other, field)
        for number, (left, right) in enumerate(zip(first, second, strict=True)):
            inner = (place[0], str(keys[number])) if keys and field == "values" else place
            if isinstance(left, ast.AST) and isinstance(right, ast.AST):
                yield from _compared(left, right, inner)


def _items(node: ast.AST, field: str) -> list[object]:
    value = getattr(node, field, None)
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class _Value:
    """A constant, its sign taken in."""

    value: Literal


def _constant(node: ast.AST) -> _Value | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float | str | None):
        return _Value(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inside = _constant(node.operand)
        if inside is not None and isinstance(inside.value, int | float) and not isinstance(inside.value, bool):
            return _Value(-inside.value)
    return None


def _equal(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and one == other
    return one == other


def _difference(program: Program, edited: str) -> str:
    """What the file says beyond its picture; a line that names the flow's hash, and the layout, do not count."""
    generated = above_the_flow(program.source)
    if _meaning(generated) == _meaning(edited):
        return ""
    lines = difflib.unified_diff(
        _lines(generated), _lines(edited), "what the picture says", "what the file says", lineterm=""
    )
    return "".join(f"{line}\n" for line in lines)


def _meaning(text: str) -> object:
    """Syntax and comments, without layout; the text itself where it is not Python."""
    plain = "\n".join(_lines(text))
    try:
        comments = [
            token.string
            for token in tokenize.generate_tokens(io.StringIO(plain).readline)
            if token.type == tokenize.COMMENT
        ]
        return ast.dump(_Numbers().visit(parsed(plain))), comments
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return plain


class _Numbers(ast.NodeTransformer):
    """Makes whole numbers of broken ones where they are equal: `25` for 25.0 says the same."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, float) and node.value.is_integer():
            return ast.Constant(int(node.value))
        return node


def _lines(text: str) -> list[str]:
    return [_NAMES_ITS_FLOW.sub("from the logic flow …", line) for line in text.splitlines()]
