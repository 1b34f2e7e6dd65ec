"""The functions that groups became, as text."""

from builder_app.codegen.expressions import Constant, Price, walk
from builder_app.codegen.layout import WIDTH, exploded, renderer
from builder_app.codegen.literals import constant, plain, width
from builder_app.codegen.passes.naming import COLUMN_NAMES
from builder_app.codegen.plan import Draft, GroupFunction
from builder_app.codegen.targets.functions_text import ARRAYS, Line, statement_lines
from builder_app.flow.group_paths import PATH_JOINT

ARRAY = "np.ndarray"


def group_lines(draft: Draft) -> list[Line]:
    """Every group's function, each after those it calls, with two empty lines before and one behind each."""
    lines: list[Line] = []
    for function in draft.functions:
        lines += [("", ()), *_of_every_instance(function, _function(function)), ("", ())]
    return lines


def _function(function: GroupFunction) -> list[Line]:
    body = function.body
    written = renderer(body.names)
    read = {part for statement in body.statements for part in walk(statement.expression)}
    read |= {part for _, answer in body.answers for part in walk(answer)}
    lines: list[Line] = [(line, ("",)) for line in _head(function)]
    lines.append((f'    """{_said(function)}"""', ("",)))
    lines += [
        (f'    {COLUMN_NAMES[column]} = prices["{column}"]', ())
        for column in COLUMN_NAMES
        if Price(Constant(column)) in read
    ]
    lines += statement_lines(body, body.statements, written)
    answers = [written(answer) for _, answer in body.answers]
    line = f"    return {', '.join(answers)}"
    told = [line] if width(line) <= WIDTH else ["    return (", *(f"        {answer}," for answer in answers), "    )"]
    return [*lines, *((text, ("",)) for text in told)]


def _head(function: GroupFunction) -> list[str]:
    parts = [f"prices: {ARRAYS}"] if function.takes_prices else []
    parts += [f"{name}: {ARRAY}" for name in function.inputs]
    for name, word, default in function.parameters:
        parts.append(f"{name}: {word}" + (f" = {constant(default.value)}" if default is not None else ""))
    count = len(function.body.answers)
    gives = ARRAY if count == 1 else f"tuple[{', '.join([ARRAY] * count)}]"
    line = f"def {function.name}({', '.join(parts)}) -> {gives}:"
    return [line] if width(line) <= WIDTH else exploded(f"def {function.name}(", parts, f") -> {gives}:")


def _said(function: GroupFunction) -> str:
    """What the group is called, and what it does."""
    text = plain(function.said, WIDTH - 12)
    return text if text[-1:] in (".", "!", "?", "…") else f"{text}."


def _of_every_instance(function: GroupFunction, lines: list[Line]) -> list[Line]:
    """The lines with the ids that their blocks have in the whole strategy; "" is the group itself."""

    def whole(nodes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(PATH_JOINT.join((*path, node) if node else path) for path in function.instances for node in nodes)

    return [(line, whole(nodes)) for line, nodes in lines]
