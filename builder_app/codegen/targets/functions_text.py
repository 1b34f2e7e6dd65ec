"""The functions of a strategy as text: signals(prices), or the steps before it that look across the symbols."""

from collections.abc import Sequence
from typing import Final

from builder_app.codegen.expressions import Constant, Expression, Price, Reference, walk
from builder_app.codegen.layout import WIDTH, Render, assignment, exploded
from builder_app.codegen.literals import comment, plain, quoted, width
from builder_app.codegen.passes.naming import COLUMN_NAMES
from builder_app.codegen.passes.sharing import rule_values
from builder_app.codegen.passes.staging import last_step, steps_of
from builder_app.codegen.plan import Draft, Statement

Line = tuple[str, tuple[str, ...]]
"""A line of the text and the ids of the blocks it comes from."""

ARRAYS: Final = "dict[str, np.ndarray]"
_SAYS: Final = {
    "signals": "Rules for one symbol's bars, oldest first: each array has a value per bar.",
    "measures": "What one symbol's bars give, to be compared across the symbols.",
    "across": "The symbols compared: each array is bars × symbols, NaN in gaps.",
}


def function_lines(draft: Draft, written: Render) -> list[Line]:
    """Every step of the strategy, and STEPS where there are several."""
    steps = steps_of(draft)
    lines: list[Line] = []
    for number, (name, statements) in enumerate(steps):
        lines += [("", ()), ("", ())] if number else []
        lines += [(line, ()) for line in head_of(name, number).split("\n")]
        lines.append((f'    """{_SAYS[name.partition("_")[0]]}"""', ()))
        keys = sorted_keys(draft, written, number, steps)
        lines += _inputs(draft, written, number, (statements, keys))
        lines += statement_lines(draft, statements, written)
        lines += _answer(keys)
    if len(steps) == 1:
        return lines
    names = [name for name, _ in steps]
    line = f"STEPS = ({', '.join(names)})"
    told = [line] if width(line) <= WIDTH else exploded("STEPS = (", names, ")")
    return [*lines, ("", ()), ("", ()), *((text, ()) for text in told)]


def head_of(name: str, number: int) -> str:
    """The first line of a step's function, or the first three."""
    if number % 2:
        return f"def {name}(earlier: {ARRAYS}, market: object) -> {ARRAYS}:"
    if number:
        return f"def {name}(\n    prices: {ARRAYS}, earlier: {ARRAYS}\n) -> {ARRAYS}:"
    return f"def {name}(prices: {ARRAYS}) -> {ARRAYS}:"


def sorted_keys(
    draft: Draft, written: Render, number: int, steps: Sequence[tuple[str, tuple[Statement, ...]]]
) -> list[str]:
    """The names of what a step returns: what rules read, or what later steps read that was not there before."""
    if number == len(steps) - 1:
        return list(dict.fromkeys(written(value) for leg in draft.legs for value in rule_values(leg)))
    own = {result for statement in steps[number][1] for result in statement.results if result is not None}
    read: dict[str, None] = {}
    for place, (_, statements) in enumerate(steps[number + 1 :], number + 1):
        for part in _read(draft, statements, is_last=place == len(steps) - 1):
            if part in own or (isinstance(part, Price) and number == 0 and place % 2):
                read[written(part)] = None
    return list(read)


def _read(draft: Draft, statements: Sequence[Statement], is_last: bool, with_keys: bool = True) -> list[Expression]:
    """The prices and results that these statements use; in the last step also what rules name, and what is asked for.

    `with_keys`: also those of which only the key is asked for.
    """
    found = [part for statement in statements for part in walk(statement.expression, with_keys)]
    if is_last:
        read = [value for leg in draft.legs for value in rule_values(leg)] + [value for _, value in draft.answers]
        found += [part for value in read for part in walk(value)]
    return list(dict.fromkeys(part for part in found if isinstance(part, Reference | Price)))


def _inputs(draft: Draft, written: Render, number: int, step: tuple[Sequence[Statement], Sequence[str]]) -> list[Line]:
    """Lines that take prices, and what earlier steps gave, by name; a step is its statements and what it returns."""
    statements, keys = step
    last = last_step(draft.statements)
    own = {result for statement in statements for result in statement.results}
    used = _read(draft, statements, is_last=number == last, with_keys=False)
    lines: list[Line] = []
    for column in COLUMN_NAMES:
        key = written(Price(Constant(column)))
        if Price(Constant(column)) in used or key in keys:
            source = f'earlier["{key}"]' if number % 2 else f'prices["{column}"]'
            lines.append((f"    {key} = {source}", _nodes_of_column(draft, column)))
    if any(isinstance(part, Price) and not isinstance(part.column, Constant) for part in used) and number % 2:
        raise AssertionError("A price that a parameter names has a line of its own before.")
    nodes = {result: statement.nodes for statement in draft.statements for result in statement.results if result}
    for part in used:
        if isinstance(part, Reference) and part not in own:
            lines.append((f"    {written(part)} = earlier[{quoted(written(part))}]", nodes.get(part, ())))
    return lines


def _nodes_of_column(draft: Draft, column: str) -> tuple[str, ...]:
    price = Price(Constant(column))
    return tuple(sorted({output.node for output, value in draft.values.items() if value == price}))


def statement_lines(draft: Draft, statements: Sequence[Statement], written: Render) -> list[Line]:
    """The statements, with a comment where another block begins."""
    lines: list[Line] = []
    before: tuple[str, ...] = ()
    for statement in statements:
        if statement.nodes[:1] != before:
            lines += _comment(draft, statement)
            before = statement.nodes[:1]
        targets = ", ".join(draft.names[result] if result else "_" for result in statement.results)
        lines += [(line, statement.nodes) for line in assignment(targets, statement.expression, written)]
    return lines


def _answer(keys: Sequence[str]) -> list[Line]:
    items = [f"{quoted(key)}: {key}" for key in keys]
    line = f"    return {{{', '.join(items)}}}"
    if width(line) <= WIDTH:
        return [(line, ())]
    return [("    return {", ()), *((f"        {item},", ()) for item in items), ("    }", ())]


def _comment(draft: Draft, statement: Statement) -> list[Line]:
    """What the blocks behind a statement are called: the label, and what kind of block it is."""
    node = next((node for node in statement.nodes if node), "")
    if not node:
        return [("    # Either of several signals", ())]
    block = draft.flow.nodes[node]
    template = draft.catalogue.of(block)
    kind = template.display_name if template else block.template
    label = plain(block.label, 60)
    said = f"{label}: {kind}" if label and label.casefold() != kind.casefold() else kind
    return [(f"    {comment(said, WIDTH - 4)}", statement.nodes)]
