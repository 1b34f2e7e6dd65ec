"""Recipes: the one-line Python expressions by which a template says what a block computes.

A recipe is read by Python's own parser and turned, word by word, into an Expression; whatever is not known here is
refused. No text of a recipe, a parameter or a label ever reaches the strategy's text other than through these values.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from builder_app.codegen.expressions import (
    PRICE_COLUMNS,
    Call,
    Expression,
    Name,
    Parameter,
    Reference,
    children,
    walk,
)
from builder_app.codegen.recipes.choices import WORDS
from builder_app.codegen.recipes.kinds import RecipeRefused, kind_of
from builder_app.codegen.recipes.reader import Reader
from builder_app.codegen.recipes.rule_words import EXIT_WORDS, RULE_WORDS
from builder_app.codegen.recipes.vocabulary import CONDITION_LISTS, FORMULA, FUNCTION, KIND_OF_PORT, Kind
from builder_app.flow.templates import InputPort, NodeTemplate
from builder_app.flow.values import Json, PortType

__all__ = ["Recipe", "RecipeRefused", "check_template", "parse_formula", "parse_recipe"]


_PICKS: Final = (
    ("prices[", "a price", PRICE_COLUMNS),
    ("moving_average_type(", "a moving average", WORDS["moving_average_type"]),
    ("candle_pattern(", "a candle pattern", WORDS["candle_pattern"]),
)
"""How a recipe says that a parameter picks something, and the words that it may pick from."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe that was read and found allowed: its expression and what it gives."""

    text: str
    expression: Expression
    kind: Kind

    @property
    def formula(self) -> tuple[str, tuple[str, ...]] | None:
        """For `formula(expression, a, b)`: the parameter that holds the text, and the ports it may use."""
        call = self.expression
        if not isinstance(call, Call) or call.function != FORMULA:
            return None
        names = [argument.name for argument in call.arguments if isinstance(argument, Name)]
        return names[0], tuple(names[1:])

    @property
    def function(self) -> bool:
        """Whether it is `function(body, a, b)`: a text of several lines, which `own_functions` reads."""
        return isinstance(self.expression, Call) and self.expression.function == FUNCTION

    def names(self) -> frozenset[str]:
        """The ports and parameters that it uses."""
        return frozenset(part.name for part in walk(self.expression) if isinstance(part, Name))


def parse_recipe(text: str, ports: Iterable[InputPort], parameters: Mapping[str, Json]) -> Recipe:
    """Read a recipe over these input ports and parameters (name → JSON Schema of the value).

    Raises RecipeRefused, with a sentence, for anything that is not on the allow-list.
    """
    named = [(name, _kind_of_parameter(schema)) for name, schema in parameters.items()]
    wired = [(port.name, KIND_OF_PORT[port.type], port.multiple) for port in ports]
    several = frozenset(name for name, _, multiple in wired if multiple)
    return _parsed(text, (*named, *((name, kind) for name, kind, _ in wired)), several)


@functools.lru_cache(maxsize=4096)
def _parsed(text: str, names: tuple[tuple[str, Kind], ...], several: frozenset[str]) -> Recipe:
    """A strategy has the same blocks many times over, and is read again after every edit."""
    kinds = dict(names)
    expression = Reader(kinds).read(text)
    if isinstance(expression, Call) and expression.function in (FORMULA, FUNCTION):
        _check_formula(expression, kinds)
        return Recipe(text, expression, Kind.SERIES)

    def leaf(part: Name | Parameter | Reference) -> Kind:
        return kinds[part.name] if isinstance(part, Name) else Kind.SERIES

    kind = kind_of(expression, leaf)
    _refuse_inner_rules(expression)
    _refuse_loose_lists(expression, several)
    if kind in (Kind.TEXT, Kind.TIME, Kind.OUTPUTS):
        raise RecipeRefused(f"A recipe must give values; '{text}' gives {kind}.")
    return Recipe(text, expression, kind)


def parse_formula(text: str, wired: Sequence[str]) -> Recipe:
    """Read a strategist's own formula over the wired inputs (all series) and the prices. Raises RecipeRefused."""
    ports = tuple(InputPort(name, PortType.SERIES) for name in wired)
    recipe = parse_recipe(text, ports, {})
    if recipe.kind not in (Kind.SERIES, Kind.BOOLEAN, Kind.NUMBER) or recipe.formula or recipe.function:
        raise RecipeRefused("A formula gives numbers or true/false values; signals and positions have blocks.")
    return recipe


def _kind_of_parameter(schema: Json) -> Kind:
    kind = schema.get("type") if isinstance(schema, dict) else None
    return Kind.NUMBER if kind in ("integer", "number") else Kind.TEXT


def _check_formula(call: Call, kinds: Mapping[str, Kind]) -> None:
    names = [argument.name for argument in call.arguments if isinstance(argument, Name)]
    if call.keywords or not names or len(names) != len(call.arguments):
        raise RecipeRefused("formula(…) takes the name of a text parameter, then names of series inputs.")
    if kinds[names[0]] is not Kind.TEXT or any(kinds[name] is not Kind.SERIES for name in names[1:]):
        raise RecipeRefused("formula(…) takes the name of a text parameter, then names of series inputs.")


def _refuse_inner_rules(expression: Expression) -> None:
    """Rules are whole recipes; but one exit may stand around another, so that a block can have several."""
    inner = list(walk(expression))[1:]
    while isinstance(expression, Call) and expression.function in EXIT_WORDS:
        nested = expression.arguments[0]
        if not isinstance(nested, Call) or nested.function not in EXIT_WORDS:
            break
        inner.remove(nested)
        expression = nested
    for part in inner:
        if isinstance(part, Call) and part.function in (*RULE_WORDS, FORMULA, FUNCTION):
            raise RecipeRefused(f"{part.function}(…) must be the whole recipe, not a part of it.")


def _refuse_loose_lists(expression: Expression, several: frozenset[str], meant: bool = False) -> None:
    """An input with any number of wires may stand only where a list is meant."""
    if isinstance(expression, Name) and expression.name in several and not meant:
        raise RecipeRefused(f"The input '{expression.name}' takes several wires; use all_of or any_of on it.")
    takes_lists = isinstance(expression, Call) and expression.function in (*CONDITION_LISTS, *RULE_WORDS)
    inputs = expression.arguments if isinstance(expression, Call) else ()
    for part in children(expression):
        _refuse_loose_lists(part, several, takes_lists and part in inputs)


def check_template(template: NodeTemplate) -> tuple[str, ...]:
    """Everything that is wrong with a template's recipes, each as a sentence; empty where all is well."""
    properties = template.parameter_schema.get("properties")
    parameters = properties if isinstance(properties, dict) else {}
    sentences: list[str] = []
    used: set[str] = set()
    for port in template.input_ports:
        if port.default:
            _check_one(f"the input '{port.name}'", (port.default, port.type), ((), parameters), (sentences, used))
    for output in template.output_ports:
        text = template.outputs.get(output.name)
        if text is None:
            sentences.append(f"The output '{output.name}' has no recipe.")
            continue
        place = f"the output '{output.name}'"
        _check_one(place, (text, output.type), (template.input_ports, parameters), (sentences, used))
    ports = {port.name for port in template.output_ports}
    sentences += [
        f"There is a recipe for '{name}', which is not an output." for name in template.outputs if name not in ports
    ]
    hidden = template.sensitive
    sentences += [
        f"A recipe uses '{name}', which is sensitive: it would be written into the code."
        for name in sorted(hidden & used)
    ]
    for name in (*(port.name for port in template.input_ports), *parameters):
        if name not in used | hidden and not sentences:
            sentences.append(f"No recipe uses '{name}', so it would change nothing.")
    sentences += _columns(template, parameters)
    return tuple(sentences)


def _check_one(
    place: str,
    wanted: tuple[str, PortType],
    names: tuple[tuple[InputPort, ...], Mapping[str, Json]],
    found: tuple[list[str], set[str]],
) -> None:
    text, port_type = wanted
    sentences, used = found
    try:
        recipe = parse_recipe(text, *names)
    except RecipeRefused as refusal:
        sentences.append(f"The recipe of {place} is not allowed: {refusal}")
        return
    used |= recipe.names()
    kind = KIND_OF_PORT[port_type]
    allowed = {kind, Kind.NUMBER} if kind is Kind.SERIES else {kind}
    if (recipe.formula or recipe.function) and kind in (Kind.SERIES, Kind.BOOLEAN):
        return
    if recipe.kind not in allowed:
        sentences.append(f"The recipe of {place} gives {recipe.kind}, but the port carries {kind}.")


def _columns(template: NodeTemplate, parameters: Mapping[str, Json]) -> list[str]:
    """A text parameter that picks a price column, an average or a pattern must offer nothing but such words."""
    recipes = (*template.outputs.values(), *(port.default for port in template.input_ports if port.default))
    texts = ["".join(text.split()) for text in recipes]
    sentences = []
    for name, schema in parameters.items():
        choices = schema.get("enum") if isinstance(schema, dict) else None
        offered = set(map(str, choices)) if isinstance(choices, list) else {"anything"}
        for opening, what, words in _PICKS:
            picks = any(f"{opening}{name}{end}" in text for text in texts for end in "]),")
            if picks and not offered <= set(words):
                sentences.append(f"The parameter '{name}' picks {what}; its enum may hold only {', '.join(words)}.")
    return sentences
