"""What a block does for the strategy, as its recipe says: entries, exits, sizes.

A recipe of a rule begins with one of a few words (`enter_long(…)`, `stop(…)`); they are recognised without parsing.
"""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final, TypeVar

from builder_app.flow.templates import InputPort, NodeTemplate
from builder_app.flow.values import PortType

RULE_TYPES: Final = frozenset({PortType.SIGNAL, PortType.POSITION, PortType.PORTFOLIO})
"""Outputs of these types are part of the strategy even where they lead nowhere."""
ENTRIES: Final[Mapping[str, str]] = {"enter_long": "long", "enter_short": "short"}
EXITS: Final[Mapping[str, str]] = {"exit_long": "long", "exit_short": "short"}
EXIT_RULES: Final = frozenset({"stop", "trailing_stop", "break_even", "time_stop", "target"})
STOPS: Final = frozenset({"stop", "trailing_stop"})
SIGNAL_CHANGES: Final = frozenset({"cooldown", "once_per", "with_strength"})
"""Words of blocks that pass signals on, with something more said about them."""
RESIZING: Final = "rebalance"
SIZE: Final = "position"
"""The word that turns signals into a position of a size; it begins a leg."""

V = TypeVar("V")
_MOST_TEMPLATES: Final = 4096
_FIRST_WORD: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*\(")
_SEVERAL_SIGNALS: Final = "signals"
_KEYWORD: Final = re.compile(r"\b([A-Za-z_]\w*)\s*=")
_INITIAL_STOP: Final = re.compile(r"\b(?:stop|trailing_stop)\(\s*\w+\s*,\s*(?:percent|distance|price)\s*=")
_OF_RISK: Final = re.compile(r"\b(?:risk_percent|risk)\s*=")
_INVESTED: Final = re.compile(r"\bpercent_of_equity\s*=\s*(invested)\b")
_PART: Final = re.compile(r"\bpart\s*=\s*([A-Za-z_]\w*)")


def _once_per_template(ask: Callable[[NodeTemplate], V]) -> Callable[[NodeTemplate], V]:
    """The answer for each template, kept: every rule asks for every block, and few templates are many blocks."""
    answers: dict[int, tuple[NodeTemplate, V]] = {}

    @wraps(ask)
    def answer(template: NodeTemplate) -> V:
        held = answers.get(id(template))
        if held is None or held[0] is not template:
            if len(answers) >= _MOST_TEMPLATES:
                answers.clear()
            held = answers[id(template)] = template, ask(template)
        return held[1]

    return answer


@_once_per_template
def rule_words(template: NodeTemplate) -> frozenset[str]:
    """The words with which the template's recipes begin, and those of each of several signals."""
    words: set[str] = set()
    for recipe in template.outputs.values():
        match = _FIRST_WORD.match(recipe)
        if match:
            words.add(match[1])
        if match and match[1] == _SEVERAL_SIGNALS:
            words |= set(_KEYWORD.findall(recipe)) & {*ENTRIES, *EXITS}
    return frozenset(words)


@_once_per_template
def is_initial_stop(template: NodeTemplate) -> bool:
    """Whether the block is a stop that stands from the entry on, so that one can say what a trade risks."""
    return any(_INITIAL_STOP.search(recipe) for recipe in template.outputs.values())


@_once_per_template
def counts_in_risk(template: NodeTemplate) -> bool:
    """Whether the block's size, stop or target is a matter of what a trade risks."""
    return any(_OF_RISK.search(recipe) for recipe in template.outputs.values())


@_once_per_template
def part_parameters(template: NodeTemplate) -> tuple[str, ...]:
    """The parameters that say which parts of a position the block's targets close."""
    return tuple(match[1] for recipe in template.outputs.values() for match in _PART.finditer(recipe))


@_once_per_template
def required_inputs(template: NodeTemplate) -> tuple[InputPort, ...]:
    """The inputs that must be wired."""
    return tuple(port for port in template.input_ports if port.required)


@_once_per_template
def is_rule(template: NodeTemplate) -> bool:
    """Whether the block has an output that is part of the strategy by itself."""
    return any(port.type in RULE_TYPES for port in template.output_ports)


def keyword_parameter(template: NodeTemplate, keyword: str) -> str | None:
    """The name of the parameter that a recipe hands over as `keyword=name`, if one does."""
    pattern = re.compile(rf"\b{keyword}\s*=\s*([A-Za-z_]\w*)\s*[,)]")
    return _first_parameter(template, pattern)


@_once_per_template
def share_parameter(template: NodeTemplate) -> str | None:
    """The parameter that says how many percent of equity the size takes: of one entry, or of all its entries."""
    return keyword_parameter(template, "percent_of_equity") or _first_parameter(template, _INVESTED)


@_once_per_template
def shift_parameter(template: NodeTemplate) -> str | None:
    """The name of the parameter that says how many bars back `previous` or `change` looks."""
    return _first_parameter(template, re.compile(r"\b(?:previous|change)\([^(),]*,\s*([A-Za-z_]\w*)\s*\)"))


def _first_parameter(template: NodeTemplate, pattern: re.Pattern[str]) -> str | None:
    names = (match[1] for recipe in template.outputs.values() for match in pattern.finditer(recipe))
    inputs = {port.name for port in template.input_ports}
    return next((name for name in names if name not in inputs), None)
