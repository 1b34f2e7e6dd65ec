"""The text that runs with NumPy and TA-Lib, alone or beside the engine that travels with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from builder_app.codegen import prelude
from builder_app.codegen.expressions import (
    Call,
    Constant,
    Derived,
    Expression,
    Price,
    Reference,
    parameters_of,
    walk,
)
from builder_app.codegen.layout import Render, renderer
from builder_app.codegen.literals import constant, plain, quoted, width
from builder_app.codegen.passes.group_bodies import OWN
from builder_app.codegen.passes.long_formulas import TAKEN
from builder_app.codegen.passes.sharing import rule_values
from builder_app.codegen.plan import Draft
from builder_app.codegen.program import GENERATOR_VERSION
from builder_app.codegen.recipes.arguments import whole_parameters
from builder_app.codegen.targets.formulas_text import constant_lines
from builder_app.codegen.targets.functions_text import function_lines
from builder_app.codegen.targets.groups_text import group_lines
from builder_app.codegen.targets.rules_text import limit_expressions, rule_expressions, rules_lines
from builder_app.flow.values import Literal, Secret
from builder_app.flow.wording import UNTITLED_STRATEGY

Line = tuple[str, tuple[str, ...]]
"""A line of the text and the ids of the blocks it comes from."""
Users = Mapping[str | Derived, Mapping[str, None]]

MAIN_GUARD: Final = """\
if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))"""
LONGEST_PARAMETER: Final = 40


def main_guard(is_staged: bool = False) -> str:
    """What runs the strategy as a program; a strategy of several steps hands all of them over."""
    return MAIN_GUARD.replace("run(signals,", "run(STEPS,") if is_staged else MAIN_GUARD


def emit(draft: Draft) -> tuple[Line, ...]:
    """The strategy, and the main guard that runs it in the engine that travels with it."""
    guard = main_guard(is_staged=any(statement.stage for statement in draft.statements))
    return (*strategy_part(draft), ("", ()), ("", ()), *_plain_lines(guard.split("\n")))


def strategy_part(draft: Draft) -> tuple[Line, ...]:
    """What is the same text in every target: header, imports, parameters, rules, helper functions, signals(prices)."""
    written = renderer(draft.names)
    body = function_lines(draft, written)
    parts = _parts(draft)
    called = {part.function for part in parts if isinstance(part, Call)}
    sections = (
        _plain_lines(_header(draft)),
        _plain_lines(_imports(called)),
        *_constants(draft, written, parts),
    )
    lines: list[Line] = []
    for section in sections:
        lines += [*section, ("", ())]
    for function in prelude.with_dependencies(frozenset(called & set(prelude.NAMES))):
        lines += [("", ()), *_plain_lines(prelude.source_of(function).split("\n")), ("", ())]
    lines += group_lines(draft)
    return (*lines, ("", ()), *body)


def _plain_lines(lines: Iterable[str]) -> list[Line]:
    return [(line, ()) for line in lines]


def _parts(draft: Draft) -> list[Expression]:
    """Every part of what is written: in the steps and in groups' functions, in sizes, levels and limits."""
    bodies = [function.body for function in draft.functions]
    written = [statement.expression for body in (draft, *bodies) for statement in body.statements]
    written += [answer for body in bodies for _, answer in body.answers]
    written += [value for leg in draft.legs for value in rule_values(leg)]
    return [part for item in (*written, *rule_expressions(draft)) for part in walk(item)]


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


def _imports(called: Set[str]) -> list[str]:
    uses_talib = any(function.startswith("ta.") for function in called)
    return ["import numpy as np", "import talib as ta"] if uses_talib else ["import numpy as np"]


def _constants(draft: Draft, written: Render, parts: Sequence[Expression]) -> list[list[Line]]:
    named = {name for part in parts for name in parameters_of(part)}
    used = sorted(name for name in named if not name.startswith(OWN))
    rules = rules_lines(draft, written)
    if not used:
        return [rules]
    whole, users = whole_parameters(parts), _users(draft)
    lines: list[Line] = [("PARAMETERS = {", ())]
    for name in used:
        if width(quoted(name)) > LONGEST_PARAMETER:
            message = f"The strategy parameter '{plain(name, 60)}' has too long a name for code."
            raise draft.refuse("", "parameter", message, "Rename it to at most 38 characters.")
        value = _parameter_value(draft.flow.parameters[name].value, name in whole)
        lines.append((f"    {quoted(name)}: {constant(value)},", tuple(users.get(name, ()))))
    return [[*lines, ("}", ())], *_long_formulas(draft, parts, users), rules]


def _long_formulas(draft: Draft, parts: Sequence[Expression], users: Users) -> list[list[Line]]:
    """The constants that hold long formulas; none where there are no such formulas."""
    long = {part for part in parts if isinstance(part, Derived) and part.name}
    lines: list[Line] = []
    taken = {*TAKEN, *draft.formulas.values()}
    for part in sorted(long, key=lambda part: part.name):
        nodes = tuple(users.get(part, ()))
        lines += [(line, nodes) for line in constant_lines(part.name, part.formula, taken)]
    return [lines] if lines else []


def _parameter_value(value: Literal | Secret, whole: bool) -> bool | int | float | str:
    if value is None or isinstance(value, Secret):
        raise AssertionError("An empty or a sensitive parameter is refused before.")
    return int(value) if whole and isinstance(value, float) and value.is_integer() else value


def _users(draft: Draft) -> Users:
    """For each strategy parameter by its name, and each formula, the blocks that take it."""
    found: dict[str | Derived, dict[str, None]] = {}
    for nodes, expressions in _asking(draft):
        for part in (part for held in expressions for part in walk(held)):
            for wanted in (*parameters_of(part), *((part,) if isinstance(part, Derived) else ())):
                found.setdefault(wanted, {}).update((node, None) for node in nodes if node)
    return found


def _asking(draft: Draft) -> Iterator[tuple[Iterable[str], Iterable[Expression]]]:
    """The blocks behind each thing that is written, and what they take, in the order in which they are told."""
    for statement in draft.statements:
        yield statement.nodes, (statement.expression,)
    for leg in draft.legs:
        yield (leg.node,), (leg.size, *(value for _, value in leg.size_more))
        for rule in leg.signals:
            yield (rule.node,), () if rule.cooldown is None else (rule.cooldown,)
        for level in leg.exits:
            yield (level.node,), (level.value,) if level.part is None else (level.value, level.part)
    yield from limit_expressions(draft)


def _among(wanted: set[Price], expressions: Iterable[Expression]) -> set[Price]:
    """Those of the wanted columns that are read, where the column is not chosen by a parameter."""
    waiting = {price for price in wanted if isinstance(price.column, Constant)}
    found: set[Price] = set()
    for expression in expressions:
        if not waiting:
            break
        found |= {part for part in walk(expression) if isinstance(part, Price) and part in waiting}
        waiting -= found
    return found


def variables(draft: Draft) -> dict[str, str]:
    """For each output port that is a name in the text, "node.port" → that name."""
    written = renderer(draft.names)
    read = [statement.expression for statement in draft.statements]  # a function's own lines have prices of their own
    read += [value for leg in draft.legs for value in rule_values(leg)]
    columns = _among({value for value in draft.values.values() if isinstance(value, Price)}, read)
    found = {}
    for output, value in sorted(draft.values.items(), key=lambda item: (item[0].node, item[0].port)):
        if draft.live and not draft.live & {output.node, output}:
            continue
        if (isinstance(value, Reference) and value in draft.names) or value in columns:
            found[f"{output.node}.{output.port}"] = written(value)
    return found
