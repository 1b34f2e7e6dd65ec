"""A flow as the rules look at it: without its muted blocks, with templates at hand and wires indexed by their ends."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder_app.flow.bypass import without_muted
from builder_app.flow.edits import Edit, SetParameter, SetStrategyParameter
from builder_app.flow.group_expansion import expanded
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue, NodeTemplate, effective_parameters
from builder_app.flow.values import Edge, Literal, LogicFlow, Node, ParameterReference, ParameterValue
from builder_app.flow.wording import block_name, harmless

ValidateParameters = Callable[[NodeTemplate, Mapping[str, ParameterValue]], Sequence[tuple[str, str]]]
"""Gives (name of the parameter, whole sentence) for each value that the template does not allow."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What every rule gets. `drawn` is the flow with its muted blocks, `flow` without; the indexes are of `flow`.

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
    into: Mapping[str, Sequence[Edge]]
    out_of: Mapping[str, Sequence[Edge]]

    def name(self, id: str) -> str:
        """The block's name in quotes."""
        node = self.drawn.nodes.get(id)
        return f"'{harmless(id) if node is None else block_name(node, self.catalogue)}'"

    def blocks(self) -> Iterator[tuple[Node, NodeTemplate]]:
        """The blocks whose kind is known, by id."""
        for id, template in self.known.items():
            yield self.flow.nodes[id], template

    def number(self, id: str, parameter: str | None) -> float | None:
        """A parameter's value where it is a number."""
        value = self.values[id].get(parameter) if parameter is not None else None
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None


Rule = Callable[[Drawing], Iterator[Problem]]


def drawing_of(flow: LogicFlow, catalogue: Catalogue, validate_parameters: ValidateParameters) -> Drawing:
    """The indexes, made once for all rules."""
    flow = expanded(flow, catalogue, titled=True)
    catalogue = catalogue_with_groups(flow, catalogue)
    active = without_muted(flow, catalogue)
    into: defaultdict[str, list[Edge]] = defaultdict(list)
    out_of: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in active.edges:
        into[edge.target.node].append(edge)
        out_of[edge.source.node].append(edge)
    templates = {id: catalogue.of(active.nodes[id]) for id in sorted(active.nodes)}
    known = {id: template for id, template in templates.items() if template is not None}
    strategy: dict[str, ParameterValue] = {name: parameter.value for name, parameter in flow.parameters.items()}
    values = {id: effective_parameters(active.nodes[id], template, strategy) for id, template in known.items()}
    return Drawing(flow, active, catalogue, validate_parameters, known, values, into, out_of)


def set_value(drawing: Drawing, id: str, parameter: str, value: Literal) -> Edit:
    """The edit that gives a parameter this value, where it is held: in the block, or in the strategy parameter."""
    held = drawing.flow.nodes[id].parameters.get(parameter, drawing.known[id].default_parameters.get(parameter))
    if isinstance(held, ParameterReference) and held.name in drawing.flow.parameters:
        return SetStrategyParameter(held.name, replace(drawing.flow.parameters[held.name], value=value))
    return SetParameter(id, parameter, value)
