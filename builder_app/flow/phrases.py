"""What each block says in plain English, filled in from its template's phrase.

A phrase belongs to an output, as in `the {period}-bar average of {price}`. In braces stand names of parameters and of
inputs; an input says what is wired into it. `{conditions:and}` joins several wires with that word. What stands in
square brackets is left out where a name in it has nothing to say: ` [ranked by {strength}]`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from builder_app.flow.drawing import Drawing
from builder_app.flow.templates import InputPort, NodeTemplate, OutputPort
from builder_app.flow.topology import order_of, successors
from builder_app.flow.values import ParameterReference, ParameterValue, Port, PortType, Secret
from builder_app.flow.wording import block_name, harmless, value_words, words

LONGEST_INSIDE: Final = 110
"""A phrase longer than this is named where another uses it, and told once by itself."""
MOST_JOINED: Final = 12
"""Of more wires into one input the first so many are told, and how many more there are."""
_PLACE: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
_OPTIONAL: Final = re.compile(r"\[([^\[\]]*)\]")
_OWN_PRICE: Final = re.compile(r"prices\[(?:\"(\w+)\"|'(\w+)'|(\w+))\]")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_ONE_OF_THEM: Final = re.compile(r"\b(?:one of )?the (first|last) 1 (\w+)s\b")
_ONE: Final = re.compile(r"\b1 (bar|day|weekday|week|month|position|share|symbol|trade|value)s\b")
_SPOKEN_TYPES: Final = frozenset({PortType.SERIES, PortType.BOOLEAN})


@dataclass(slots=True)
class Phrases:
    """What is said so far: the phrase of each output that gives a series or a condition, and what had to be named.

    `named` holds, by the name in quotes, the outputs whose phrase is too long to stand inside another one.
    """

    drawing: Drawing
    of_port: dict[Port, str] = field(default_factory=dict)
    named: dict[str, Port] = field(default_factory=dict)
    _joined: set[Port] = field(default_factory=set)
    """Sums, and conditions joined by a word: inside another phrase they stand in parentheses."""
    _sources: dict[Port, list[Port]] = field(default_factory=dict)

    def rule(self, id: str) -> str:
        """What a block that trades, sizes, leaves or limits says: the phrase of its first output."""
        template = self.drawing.known[id]
        patterns = (template.phrases.get(port.name) for port in template.output_ports)
        pattern = next((pattern for pattern in patterns if pattern), "")
        return self.filled(id, template, pattern) if pattern else ""

    def say(self, id: str, template: NodeTemplate, port: OutputPort) -> None:
        """Find the phrase of an output; those of all that feeds the block have been found before."""
        output = Port(id, port.name)
        pattern = template.phrases.get(port.name) or _plain_pattern(template, port.name, self.drawing.values[id])
        self.of_port[output] = self.filled(id, template, pattern)
        wires = max((len(self._sources.get(Port(id, entry.name), ())) for entry in template.input_ports), default=0)
        begins = _PLACE.match(pattern)
        alone = begins is not None and begins.end() == len(pattern)
        if begins and (wires > 1 if alone else port.type is PortType.SERIES):
            self._joined.add(output)

    def spoken(self, output: Port, *, inside: bool = True) -> str:
        """How an output is called in another phrase: its own phrase, or its block's name where that is too long.

        `inside` a sum or a condition what is joined itself stands in parentheses; behind “buy when” it need not.
        """
        phrase = self.of_port.get(output)
        if phrase is None:
            return self.drawing.name(output.node)
        if len(phrase) <= LONGEST_INSIDE:
            return f"({phrase})" if output in self._joined and inside else phrase
        name = f"“{block_name(self.drawing.flow.nodes[output.node], self.drawing.catalogue)}”"
        self.named.setdefault(name, output)
        return name

    def filled(self, id: str, template: NodeTemplate, pattern: str) -> str:
        """A pattern of this block, with everything in it said."""

        def optional(match: re.Match[str]) -> str:
            names = [place[1] for place in _PLACE.finditer(match[1])]
            return match[1] if all(self._says_something(id, template, name) for name in names) else ""

        def place(match: re.Match[str]) -> str:
            return self._said(id, template, match[1], match[2] or "and")

        said = " ".join(_PLACE.sub(place, _OPTIONAL.sub(optional, pattern)).split())
        return _ONE.sub(r"1 \1", _ONE_OF_THEM.sub(r"the \1 \2", said))

    def _says_something(self, id: str, template: NodeTemplate, name: str) -> bool:
        if template.input_port(name) is not None:
            return bool(self._sources.get(Port(id, name)))
        return self.drawing.values[id].get(name) not in (None, "", False)

    def _said(self, id: str, template: NodeTemplate, name: str, joint: str) -> str:
        port = template.input_port(name)
        if port is None:
            return _value(self.drawing.values[id].get(name))
        inside = any(output.type in _SPOKEN_TYPES for output in template.output_ports)
        sources = self._sources.get(Port(id, name), ())
        wired = [self.spoken(source, inside=inside) for source in sources]
        told = list(dict.fromkeys(wired))
        if len(told) > MOST_JOINED:
            told[MOST_JOINED:] = [f"{len(told) - MOST_JOINED} more"]
        return f" {joint} ".join(told) if told else self._unwired(id, port)

    def _unwired(self, id: str, port: InputPort) -> str:
        """What stands in for an input without a wire: a price, a parameter's value, or nothing but its name."""
        values = self.drawing.values[id]
        own_price = _OWN_PRICE.fullmatch(port.default.strip())
        if own_price:
            fixed = own_price[1] or own_price[2]
            return f"the {words(fixed or _value(values.get(own_price[3])))}"
        if _PLAIN_NAME.fullmatch(port.default.strip()) and port.default.strip() in values:
            return _value(values[port.default.strip()])
        called = (harmless(port.display_name) or words(port.name)).lower()
        if port.type is PortType.BOOLEAN and len(called) > 1:
            return "the conditions hold" if port.multiple else "a condition holds"
        if port.type is PortType.BOOLEAN:
            return f"{called} holds"
        return called if len(called) == 1 else f"the {called}"


def phrases_of(drawing: Drawing) -> Phrases:
    """Every output's phrase, each block after those that feed it; blocks on a circle of wires say nothing."""
    sources: defaultdict[Port, list[Port]] = defaultdict(list)
    for edge in drawing.flow.edges:
        sources[edge.target].append(edge.source)
    phrases = Phrases(drawing, _sources=dict(sources))
    for id in order_of(successors(drawing.flow)):
        template = drawing.known.get(id)
        if template is None:
            continue
        for port in template.output_ports:
            if port.type in _SPOKEN_TYPES:
                phrases.say(id, template, port)
    return phrases


def _plain_pattern(template: NodeTemplate, output: str, values: Mapping[str, ParameterValue]) -> str:
    """A phrase for a template that has none: its name, its output's, its numbers, and what is wired into it."""
    title = _spoken_title(template.display_name)
    if len(template.output_ports) > 1:
        port = template.output_port(output)
        spoken = (port.display_name if port is not None else "") or words(output)
        title = f"{_spoken_title(spoken)} of {title}"
    numbers = [f"{{{name}}}" for name in template.default_parameters if isinstance(values.get(name), int | float)]
    inputs = [f"{{{port.name}}}" for port in template.input_ports if port.required or port.default.startswith("prices")]
    return (
        f"the {title}"
        + (f" ({', '.join(numbers)})" if numbers else "")
        + (f" of {listed_words(inputs)}" if inputs else "")
    )


def _spoken_title(title: str) -> str:
    """A title inside a sentence: its first letter small, unless the first word is an abbreviation."""
    plain = harmless(title)
    first = plain.split(" ", 1)[0]
    return plain if not first[1:].islower() else plain[:1].lower() + plain[1:]


def _value(value: ParameterValue) -> str:
    match value:
        case ParameterReference(name):
            return words(name)
        case Secret():
            return "a hidden value"
        case str():
            return words(value)
        case _:
            return value_words(value)


def listed_words(parts: Sequence[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {joint} {parts[-1]}"
