"""The text that runs with NumPy and TA-Lib, alone or beside the engine that travels with it."""

from collections.abc import Iterable, Mapping
from typing import Final

from builder_app.codegen import prelude
from builder_app.codegen.arguments import whole_parameters
from builder_app.codegen.expressions import Call, Constant, Expression, Parameter, Price, Reference, walk
from builder_app.codegen.layout import WIDTH, Render, assignment, renderer
from builder_app.codegen.literals import comment, constant, plain, quoted, width
from builder_app.codegen.naming import COLUMN_NAMES
from builder_app.codegen.plan import Draft, Leg, Statement
from builder_app.codegen.program import GENERATOR_VERSION
from builder_app.codegen.sharing import rule_values
from builder_app.flow.values import Literal, Secret
from builder_app.flow.wording import UNTITLED_STRATEGY

Line = tuple[str, tuple[str, ...]]
"""A line of the text and the ids of the blocks it comes from."""

MAIN_GUARD: Final = """\
if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))"""
LONGEST_PARAMETER: Final = 40


def emit(draft: Draft) -> tuple[Line, ...]:
    """The strategy, and the main guard that runs it in the engine that travels with it."""
    return (*strategy_part(draft), ("", ()), ("", ()), *_plain_lines(MAIN_GUARD.split("\n")))


def strategy_part(draft: Draft) -> tuple[Line, ...]:
    """What is the same text in every target: header, imports, parameters, rules, helper functions, signals(prices)."""
    written = renderer(draft.names)
    body = _body(draft, written)
    sections = (
        _plain_lines(_header(draft)),
        _plain_lines(_imports(draft)),
        *_constants(draft, written),
    )
    lines: list[Line] = []
    for section in sections:
        lines += [*section, ("", ())]
    for function in _helpers(draft):
        lines += [("", ()), *_plain_lines(prelude.source_of(function).split("\n")), ("", ())]
    return (*lines, ("", ()), *body)


def _plain_lines(lines: Iterable[str]) -> list[Line]:
    return [(line, ()) for line in lines]


def _expressions(draft: Draft) -> list[Expression]:
    """Everything that is written: statements, sizes, levels, limits."""
    found = [statement.expression for statement in draft.statements]
    for leg in draft.legs:
        found += [leg.size, *rule_values(leg), *(rule.value for rule in leg.exits)]
    return [*found, draft.portfolio.maximum_positions] if draft.portfolio else found


def _header(draft: Draft) -> list[str]:
    title = plain(draft.flow.name, 60) or UNTITLED_STRATEGY
    return [
        f'"""{title}{"" if title[-1] in ".!?…" else "."}',
        "",
        _summary(draft),
        "Decisions fall at a bar's close and are filled at the next bar's open.",
        "",
        f"Written by Strategy Builder {GENERATOR_VERSION} from the logic flow {draft.flow_hash[:12]}.",
        '"""',
    ]


def _summary(draft: Draft) -> str:
    long = any(leg.long_entry for leg in draft.legs)
    short = any(leg.short_entry for leg in draft.legs)
    direction = "long and short" if long and short else "short" if short else "long"
    kinds = dict.fromkeys(rule.kind.replace("_", " ") for leg in draft.legs for rule in leg.exits)
    ways = [f"a {kind}" for kind in kinds]
    said = f", with {' and '.join([', '.join(ways[:-1]), ways[-1]] if ways[1:] else ways)}" if ways else ""
    several = f" in {len(draft.legs)} separate positions" if len(draft.legs) > 1 else ""
    return f"Trades {direction}{several}{said}."


def _imports(draft: Draft) -> list[str]:
    uses_talib = any(
        isinstance(part, Call) and part.function.startswith("ta.")
        for statement in draft.statements
        for part in walk(statement.expression)
    )
    return ["import numpy as np", "import talib as ta"] if uses_talib else ["import numpy as np"]


def _helpers(draft: Draft) -> tuple[str, ...]:
    used = {
        part.function
        for statement in draft.statements
        for part in walk(statement.expression)
        if isinstance(part, Call) and part.function in prelude.NAMES
    }
    return prelude.with_dependencies(frozenset(used))


def _constants(draft: Draft, written: Render) -> list[list[Line]]:
    expressions = _expressions(draft)
    used = sorted({part.name for item in expressions for part in walk(item) if isinstance(part, Parameter)})
    rules = _rules(draft, written)
    if not used:
        return [rules]
    whole = whole_parameters(expressions)
    lines: list[Line] = [("PARAMETERS = {", ())]
    for name in used:
        if width(quoted(name)) > LONGEST_PARAMETER:
            message = f"The strategy parameter '{plain(name, 60)}' has too long a name for code."
            raise draft.refuse("", "parameter", message, "Rename it to at most 38 characters.")
        value = _parameter_value(draft.flow.parameters[name].value, name in whole)
        lines.append((f"    {quoted(name)}: {constant(value)},", _users(draft, name)))
    return [[*lines, ("}", ())], rules]


def _parameter_value(value: Literal | Secret, whole: bool) -> bool | int | float | str:
    if value is None or isinstance(value, Secret):
        raise AssertionError("An empty or a sensitive parameter is refused before.")
    return int(value) if whole and isinstance(value, float) else value


def _users(draft: Draft, parameter: str) -> tuple[str, ...]:
    wanted = Parameter(parameter)
    nodes: dict[str, None] = {}
    for statement in draft.statements:
        if wanted in walk(statement.expression):
            nodes.update(dict.fromkeys(statement.nodes))
    for leg in draft.legs:
        nodes.update({leg.node: None} if leg.size == wanted else {})
        nodes.update({rule.node: None for rule in leg.exits if rule.value == wanted})
    if draft.portfolio and draft.portfolio.maximum_positions == wanted:
        nodes.update(dict.fromkeys(draft.portfolio.nodes))
    return tuple(node for node in nodes if node)


def _rules(draft: Draft, written: Render) -> list[Line]:
    lines: list[Line] = [("RULES = {", ()), ('    "legs": [', ())]
    for leg in draft.legs:
        lines += _leg(leg, written)
    portfolio = draft.portfolio
    limit = written(portfolio.maximum_positions) if portfolio else "None"
    nodes = portfolio.nodes if portfolio else ()
    lines += [("    ],", ()), *_entry(4, "portfolio", {"maximum_positions": limit}, nodes), ("}", ())]
    return lines


def _leg(leg: Leg, written: Render) -> list[Line]:
    def key(value: Expression | None) -> str:
        return "None" if value is None else quoted(written(value))

    own = (leg.node,) if leg.node else ()
    lines: list[Line] = [("        {", own), (f'            "name": {quoted(plain(leg.name, 50))},', own)]
    rules = (
        ("long_entry", "enter_long", leg.long_entry),
        ("long_exit", "exit_long", leg.long_exit),
        ("short_entry", "enter_short", leg.short_entry),
        ("short_exit", "exit_short", leg.short_exit),
    )
    for field, word, value in rules:
        nodes = tuple(rule.node for rule in leg.signals if rule.word == word)
        lines.append((f'            "{field}": {key(value)},', nodes))
    nodes = tuple(rule.node for rule in leg.signals if rule.strength)
    lines.append((f'            "strength": {key(leg.strength)},', nodes))
    lines += _entry(12, "size", {"kind": quoted(leg.size_kind), "value": written(leg.size)}, own)
    if not leg.exits:
        return [*lines, ('            "exits": [],', ()), ("        },", own)]
    lines.append(('            "exits": [', tuple(rule.node for rule in leg.exits)))
    for rule in leg.exits:
        level = written(rule.value) if isinstance(rule.value, Constant | Parameter) else key(rule.value)
        parts = {"kind": quoted(rule.kind), "unit": quoted(rule.unit), "value": level}
        lines += _entry(16, "", parts, (rule.node,))
    return [*lines, ("            ],", ()), ("        },", own)]


def _entry(indent: int, name: str, parts: Mapping[str, str], nodes: tuple[str, ...]) -> list[Line]:
    """`"name": {…},` (or `{…},`) on one line where it fits, else one part a line."""
    start = " " * indent + (f"{quoted(name)}: " if name else "")
    items = [f"{quoted(key)}: {value}" for key, value in parts.items()]
    line = f"{start}{{{', '.join(items)}}},"
    if width(line) <= WIDTH:
        return [(line, nodes)]
    inner = " " * (indent + 4)
    return [(f"{start}{{", nodes), *((f"{inner}{item},", nodes) for item in items), (" " * indent + "},", nodes)]


def _body(draft: Draft, written: Render) -> list[Line]:
    """The function signals(prices)."""
    lines: list[Line] = [
        ("def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:", ()),
        ('    """Rules for one symbol\'s bars, oldest first: each array has a value per bar."""', ()),
    ]
    for column, nodes in _columns(draft).items():
        lines.append((f'    {COLUMN_NAMES[column]} = prices["{column}"]', nodes))
    before: tuple[str, ...] = ()
    for statement in draft.statements:
        if statement.nodes[:1] != before:
            lines += _comment(draft, statement)
            before = statement.nodes[:1]
        lines += [(line, statement.nodes) for line in _statement(draft, statement, written)]
    keys = dict.fromkeys(written(value) for leg in draft.legs for value in rule_values(leg))
    items = [f"{quoted(key)}: {key}" for key in keys]
    line = f"    return {{{', '.join(items)}}}"
    if width(line) <= WIDTH:
        return [*lines, (line, ())]
    return [*lines, ("    return {", ()), *((f"        {item},", ()) for item in items), ("    }", ())]


def _statement(draft: Draft, statement: Statement, written: Render) -> list[str]:
    targets = [draft.names[result] if result else "_" for result in statement.results]
    return assignment(", ".join(targets), statement.expression, written)


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


def _columns(draft: Draft) -> dict[str, tuple[str, ...]]:
    """The price columns that are used, in their usual order, with the blocks that give them."""
    used = {part for item in _expressions(draft) for part in walk(item) if isinstance(part, Price)}
    nodes: dict[Expression, dict[str, None]] = {}
    for output, value in draft.values.items():
        if value in used:
            nodes.setdefault(value, {})[output.node] = None
    return {
        column: tuple(sorted(nodes.get(Price(Constant(column)), ())))
        for column in COLUMN_NAMES
        if Price(Constant(column)) in used
    }


def variables(draft: Draft) -> dict[str, str]:
    """For each output port that is a name in the text, "node.port" → that name."""
    written = renderer(draft.names)
    columns = {Price(Constant(column)) for column in _columns(draft)}
    found = {}
    for output, value in sorted(draft.values.items(), key=lambda item: (item[0].node, item[0].port)):
        if (isinstance(value, Reference) and value in draft.names) or value in columns:
            found[f"{output.node}.{output.port}"] = written(value)
    return found
