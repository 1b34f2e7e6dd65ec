"""How blocks, ports and values are called in sentences."""

import re
from typing import Final

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Formula, LogicFlow, Node, ParameterReference, ParameterValue, Secret

MOST_NAMED = 6

# C0 and C1 control characters, and the signs that turn the direction of writing: a terminal obeys them.
_OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

UNTITLED_STRATEGY: Final = "Untitled strategy"
"""Stands for the name of a strategy that has none."""


def harmless(text: str) -> str:
    """A text of a file as it may be shown on one line: a new line or a tab is a space, other controls are �."""
    if text.isprintable():
        return text
    return _OBEYED.sub("�", re.sub(r"\r\n|[\n\r\t]", " ", text))


def words(name: str) -> str:
    """An identifier as words: `fast_period` → `fast period`."""
    return harmless(name.replace("_", " ").strip())


def block_name(node: Node, catalogue: Catalogue | None = None) -> str:
    """What a strategist calls the block: its label, or its template's display name, or the template's name in words."""
    if node.label:
        return harmless(node.label)
    template = None if catalogue is None else catalogue.of(node)
    spoken = harmless(template.display_name) if template is not None else words(node.template)
    return (spoken[:1].upper() + spoken[1:]) or harmless(node.id)


def name_of(flow: LogicFlow, id: str, catalogue: Catalogue | None = None) -> str:
    """The block's name by its id; the id itself where there is no such block."""
    node = flow.nodes.get(id)
    return harmless(id) if node is None else block_name(node, catalogue)


def value_words(value: ParameterValue) -> str:
    """A parameter's value as it is read: 12, 2.5, on, a text as it is, a reference by its name, a secret as dots."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "on" if value else "off"
        case int():
            return str(value)
        case float():
            return f"{value:.12g}"
        case ParameterReference(name):
            return harmless(name)
        case Formula(text):
            return harmless(text)
        case Secret():
            return str(value)
        case str():
            return harmless(value)


def listed(names: tuple[str, ...], joint: str = ", ") -> str:
    """Names in a row, quoted; of many, the first six and how many more."""
    quoted = [f"'{harmless(name)}'" for name in names[:MOST_NAMED]]
    more = len(names) - MOST_NAMED
    return joint.join([*quoted, f"{more} more"] if more > 0 else quoted)
