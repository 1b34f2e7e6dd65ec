"""A flow as the rules look at it: without its muted blocks, with templates at hand and wires indexed by their ends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from builder_app.flow.bypass import without_muted
from builder_app.flow.edits import Edit, SetParameter, SetStrategyParameter
from builder_app.flow.group_expansion import expanded
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue, NodeTemplate, effective_parameters, template_of
from builder_app.flow.values import (
    Binding,
    Edge,
    Formula,
    Literal,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    frozen_mapping,
)
from builder_app.flow.wiring import Wiring, wiring_of
from builder_app.flow.wording import block_name, harmless, value_words

ValidateParameters = Callable[[NodeTemplate, Mapping[str, ParameterValue]], Sequence[tuple[str, str]]]
"""Gives (name of the parameter, whole sentence) for each value that the template does not allow."""
_MOST_KEPT: Final = 30_000


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What every rule gets. `drawn` is the flow with its muted blocks, `flow` without; all else is of `flow`.

    Groups are opened in both: blocks inside have the ids of `group_paths` and are named with the groups around them.

    `known` holds the templates of the blocks whose kind the catalogue has, by node id; `values` those blocks'
    parameters with defaults filled in, and bound ones replaced where the strategy parameters give them a value.
    """

    drawn: LogicFlow
    flow: LogicFlow
    catalogue: Catalogue
    validate_parameters: ValidateParameters
    known: Mapping[str, NodeTemplate]
    values: Mapping[str, Mapping[str, ParameterValue]]
    bound: Sequence[str]
    """The blocks that have bound parameters, by id."""
    wiring: Wiring

    @property
    def into(self) -> Mapping[str, Sequence[Edge]]:
        """The wires that end in each block."""
        return self.wiring.into

    @property
    def out_of(self) -> Mapping[str, Sequence[Edge]]:
        """The wires that start in each block."""
        return self.wiring.out_of

    def name(self, id: str) -> str:
        """The block's name in quotes."""
        node = self.drawn.nodes.get(id)
        return f"'{harmless(id) if node is None else block_name(node, self.catalogue)}'"

    def blocks(self) -> Iterator[tuple[Node, NodeTemplate]]:
        """The blocks whose kind is known, by id."""
        for id, template in self.known.items():
            yield self.flow.nodes[id], template

    def those(self, ask: Callable[[NodeTemplate], object]) -> list[str]:
        """The blocks, by id, whose template answers with something true; each kind of block is asked once."""
        answers: dict[int, bool] = {}
        found = []
        for node, template in self.known.items():
            kind = id(template)
            if kind not in answers:
                answers[kind] = bool(ask(template))
            if answers[kind]:
                found.append(node)
        return found

    def number(self, node: str, parameter: str | None) -> float | None:
        """A parameter's value where it is a number."""
        value = self.values[node].get(parameter) if parameter is not None else None
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None


Rule = Callable[[Drawing], Iterator[Problem]]


def drawing_of(flow: LogicFlow, catalogue: Catalogue, validate_parameters: ValidateParameters) -> Drawing:
    """The indexes, made once for all rules."""
    flow = expanded(flow, catalogue, titled=True)
    catalogue = catalogue_with_groups(flow, catalogue)
    active = without_muted(flow, catalogue)
    strategy: dict[str, ParameterValue] = {name: parameter.value for name, parameter in flow.parameters.items()}
    known: dict[str, NodeTemplate] = {}
    values: dict[str, Mapping[str, ParameterValue]] = {}
    bound = []
    for node, held in sorted(active.nodes.items()):
        kept = _kept.get(id(held))
        if kept is None or kept.node is not held or kept.templates is not catalogue.templates:
            kept = _look_at(held, catalogue.templates)
        if kept.template is not None:
            known[node], values[node] = kept.template, kept.values
            if kept.is_bound:
                bound.append(node)
                values[node] = frozen_mapping(effective_parameters(held, kept.template, strategy))
    wiring = wiring_of(active.edges, known)
    return Drawing(flow, active, catalogue, validate_parameters, known, values, bound, wiring)


class _Look(NamedTuple):
    """What a block is by itself: the strategy parameters are left out."""

    node: Node
    templates: Mapping[str, NodeTemplate]
    template: NodeTemplate | None
    values: Mapping[str, ParameterValue]
    is_bound: bool


_kept: Final[dict[int, _Look]] = {}
"""From one drawing to the next, which shares most of its blocks."""


def _look_at(node: Node, templates: Mapping[str, NodeTemplate]) -> _Look:
    template = template_of(node, templates)
    values = effective_parameters(node, template, {}) if template is not None else {}
    # A formula of numbers only has a value by itself, and is looked at like any other.
    is_bound = any(isinstance(value, Binding) for value in (*values.values(), *node.parameters.values()))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    look = _kept[id(node)] = _Look(node, templates, template, frozen_mapping(values), is_bound)
    return look


def set_value(drawing: Drawing, id: str, parameter: str, value: Literal) -> Edit:
    """The edit that gives a parameter this value, where it is held: in the block, or in the strategy parameter.

    A formula is kept, with the value as its bound, so that it goes on following the strategy parameters.
    """
    held = drawing.flow.nodes[id].parameters.get(parameter, drawing.known[id].default_parameters.get(parameter))
    if isinstance(held, ParameterReference) and held.name in drawing.flow.parameters:
        return SetStrategyParameter(held.name, replace(drawing.flow.parameters[held.name], value=value))
    now = drawing.number(id, parameter)
    if isinstance(held, Formula) and now is not None and isinstance(value, int | float):
        kept = Formula(f"{'min' if now > value else 'max'}({held.text}, {value_words(value)})")
        return SetParameter(id, parameter, kept)
    return SetParameter(id, parameter, value)
