"""The pass that names every result: after its label, or after what it is (`sma_10`, `rsi_14_below_30`)."""

import builtins
import keyword
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from builder_app.codegen import prelude
from builder_app.codegen.expressions import PRICE_COLUMNS, Call, Constant, Expression, Parameter, Price, Reference
from builder_app.codegen.literals import slug
from builder_app.codegen.plan import Draft, Statement
from builder_app.codegen.recipes.vocabulary import FULL_LIKE
from builder_app.flow.values import GROUP_INPUTS

Names = Mapping[Reference | Parameter, str]
LONGEST_NAME: Final = 28
LONGEST_OF_SEVERAL: Final = 20
COLUMN_NAMES: Final = {column: "open_" if column == "open" else column for column in (*PRICE_COLUMNS, "time")}
RESERVED: Final = frozenset(
    (
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *prelude.NAMES,
        *COLUMN_NAMES.values(),
        *("np", "ta", "pd", "math", "numpy", "talib", "prices", "signals", "run", "engine", "read_prices"),
        *("l", "PARAMETERS", "RULES", "STEPS", "measures", "across", "earlier", "market"),
    )
)
_WORDS: Final = {
    "is_above": "above",
    "is_below": "below",
    "is_equal": "equals",
    "crossed_above": "crossed_above",
    "crossed_below": "crossed_below",
}


def name(draft: Draft) -> Draft:
    """Labelled results take their names first, so that no made-up name stands in a label's way."""
    titles = _titles(draft)
    names: dict[Reference | Parameter, str] = {
        **draft.names,
        **{Reference("›", function.name): function.name for function in draft.functions},
    }
    taken = {*RESERVED, *names.values()}
    for labelled in (True, False):
        for statement in draft.statements:
            longest = LONGEST_NAME if len(statement.results) == 1 else LONGEST_OF_SEVERAL
            for place, result in enumerate(statement.results):
                if result is None or result in names:
                    continue
                wishes = _labels(draft, titles.get(result, ()))
                if not labelled:
                    wishes = _descriptions(draft, statement, titles.get(result, ()), names, place)
                if wishes:
                    names[result] = fresh(wishes, taken, longest)
    return replace(draft, names=names)


def fresh(wishes: Iterable[str], taken: set[str], longest: int) -> str:
    """The first wish that is free, cut to length; else the first one with a number. It is then taken."""
    short = [_cut(wish, longest) for wish in wishes if wish]
    found = next((wish for wish in short if wish not in taken), "")
    number = 2
    while not found:
        ending = f"_{number}"
        candidate = _cut(short[0], longest - len(ending)) + ending
        found = candidate if candidate not in taken else ""
        number += 1
    taken.add(found)
    return found


def _cut(wish: str, longest: int) -> str:
    if len(wish) <= longest:
        return wish
    words = wish[: longest + 1].rpartition("_")[0]
    return words if len(words) > longest // 2 else wish[:longest].rstrip("_")


def _titles(draft: Draft) -> dict[Reference, tuple[Reference, ...]]:
    """For each result the output ports that are exactly it, in the order of the blocks."""
    place = {node: number for number, node in enumerate((*draft.order, GROUP_INPUTS))}
    titles: dict[Reference, tuple[Reference, ...]] = {}
    for output, value in sorted(draft.values.items(), key=lambda item: (place[item[0].node], item[0].port)):
        if isinstance(value, Reference):
            titles[value] = (*titles.get(value, ()), output)
    return titles


def _labels(draft: Draft, titles: tuple[Reference, ...]) -> list[str]:
    found = []
    for output in titles:
        node = draft.flow.nodes.get(output.node)
        if node is None:
            continue
        words = slug(node.label)
        if not words:
            continue
        if words[0].isdigit() or words in RESERVED:
            words = f"{_kind_of_block(draft, node.id)}_{words}"
        found.append(_with_port(draft, output, words))
    return found


def _kind_of_block(draft: Draft, node: str) -> str:
    """The template's name in words that Python takes; of a group its title."""
    block = draft.flow.nodes[node]
    template = draft.catalogue.of(block)
    return slug(template.display_name if template is not None and template.body else block.template) or "step"


def _name_of_output(draft: Draft, output: Reference, title: str) -> str:
    """What a group gives: by the name that somebody gave the port, or by the group's title and the port."""
    template = draft.catalogue.of(draft.flow.nodes[output.node])
    port = template.output_port(output.port) if template is not None else None
    shown = slug(port.display_name) if port is not None else ""
    return shown if shown and shown != output.port else f"{title}_{slug(output.port)}"


def _with_port(draft: Draft, output: Reference, words: str) -> str:
    """For a block with several outputs, the words shortened so that the output's name still fits behind them."""
    template = draft.catalogue.of(draft.flow.nodes[output.node])
    several = template is not None and len(template.output_ports) > 1
    if not several or words == output.port:
        return words
    port = slug(output.port)
    return f"{_cut(words, max(LONGEST_OF_SEVERAL - len(port) - 1, 4))}_{port}"


def _descriptions(
    draft: Draft, statement: Statement, titles: tuple[Reference, ...], names: Names, place: int
) -> list[str]:
    """Names for what has no label: what the expression says, what the rule calls it, the template's name."""
    single = len(statement.results) == 1
    said = meaning(statement.expression, names) if single else ""
    is_indicator = isinstance(statement.expression, Call) and statement.expression.function.startswith("ta.")
    wishes = [said, statement.hint] if is_indicator else [statement.hint, said]
    for output in titles:
        if output.node not in draft.flow.nodes:
            continue
        template = _kind_of_block(draft, output.node)
        if output.node in draft.calls:
            wishes.append(_name_of_output(draft, output, template))
            continue
        port = _with_port(draft, output, template)
        wishes += [output.port, port] if port != template else [port]
    if not any(wishes) and is_indicator:
        wishes = [_function_word(statement.expression) + ("" if single else f"_{place + 1}")]
    if not any(wishes):
        block = draft.flow.nodes.get(statement.nodes[0])
        stem = (slug(block.label) or _kind_of_block(draft, block.id)) if block else ""
        wishes = [f"{stem or 'step'}_part"]
    return [f"step_{wish}" if wish[0].isdigit() else wish for wish in map(slug, wishes) if wish]


def meaning(expression: Expression, names: Names) -> str:
    """`sma_10` for ta.SMA(close, timeperiod=10); `rsi_14_below_30`; "" where it would be long or say little."""
    if not isinstance(expression, Call):
        return ""
    said = [_said(argument, names) for argument in expression.arguments]
    if expression.function in _WORDS:
        text = f"{said[0]}_{_WORDS[expression.function]}_{said[1]}" if all(said) else ""
        return text if len(text) <= LONGEST_NAME else ""
    word = _function_word(expression)
    if expression.function.startswith("np.") and expression.function != FULL_LIKE:
        return ""
    if expression.function == FULL_LIKE:
        return f"level_{said[1]}" if said[1] else "level"
    if expression.function.startswith("ta."):
        told = [value for keyword, value in expression.keywords if not keyword.endswith("matype")]
        said = [_said(value, names) for value in told if isinstance(value, Constant)]
        return "_".join([word, *said][:4])
    text = "_".join((word, *said)) if all(said) else ""
    return text if len(text) <= LONGEST_NAME else ""


def _said(expression: Expression, names: Names) -> str:
    match expression:
        case Reference():
            return names.get(expression, "")
        case Price(Constant(column)):
            return str(column)
        case Parameter(parameter):
            return slug(parameter)
        case Constant(value) if not isinstance(value, bool | str):
            whole = isinstance(value, float) and value.is_integer()
            return slug(f"{int(value) if whole else value}".replace("-", "minus "))
        case _:
            return ""


def _function_word(expression: Expression) -> str:
    return expression.function.rpartition(".")[2].lower() if isinstance(expression, Call) else "step"
