"""What the inspector shows of the chosen blocks, and the edits that its wishes become. No Qt here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from builder_app.flow.edits import Batch, Edit, InGroup, SetParameter, SetStrategyParameter
from builder_app.flow.formulas import names_in, renamed, without
from builder_app.flow.values import (
    Binding,
    Literal,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    Secret,
    StrategyParameter,
)
from builder_app.ui.inspector.parameter_form import ParameterForm, ParameterKind


@dataclass(frozen=True, slots=True)
class ParameterState:
    """A parameter over all chosen blocks: `mixed` where they differ, `changed` where one is not at its default."""

    value: ParameterValue
    mixed: bool = False
    changed: bool = False

    @property
    def binding(self) -> Binding | None:
        """The strategy parameter, or the formula over some, that all of them take it from."""
        return self.value if isinstance(self.value, Binding) and not self.mixed else None


def parameter_state(nodes: Sequence[Node], form: ParameterForm) -> ParameterState:
    """The state of one parameter over `nodes` (at least one); where they differ, the value is the first one's."""
    values = [node.parameters.get(form.name, form.default) for node in nodes]
    return ParameterState(
        value=values[0],
        mixed=any(not same_value(value, values[0]) for value in values[1:]),
        changed=any(not same_value(value, form.default) for value in values),
    )


def same_value(one: ParameterValue, other: ParameterValue) -> bool:
    """Equal, where 1 and 1.0 are one number but True is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def set_parameter(nodes: Sequence[Node], form: ParameterForm, value: ParameterValue) -> Edit:
    """Set the parameter of all these blocks."""
    return _one_step([SetParameter(node.id, form.name, value) for node in nodes], f"Set {form.title.lower()}")


def reset_parameter(nodes: Sequence[Node], form: ParameterForm) -> Edit:
    """Return the parameter of all these blocks to the template's default."""
    edits = [SetParameter(node.id, form.name, is_set=False) for node in nodes if form.name in node.parameters]
    return _one_step(edits, f"Reset {form.title.lower()}")


def bind_to_new(nodes: Sequence[Node], form: ParameterForm, name: str, value: Literal | Secret) -> Edit:
    """Make a strategy parameter of this value, with the bounds of the block's own, and take it from there."""
    numeric = form.kind in (ParameterKind.INTEGER, ParameterKind.NUMBER)
    low, high, step = (form.minimum, form.maximum, form.step) if numeric else (None, None, None)
    parameter = StrategyParameter(value, low, high, step, form.kind is ParameterKind.SECRET)
    edits = [SetParameter(node.id, form.name, ParameterReference(name)) for node in nodes]
    return Batch((SetStrategyParameter(name, parameter), *edits), f"Make strategy parameter {name}")


def rename_strategy_parameter(flow: LogicFlow, old: str, new: str) -> Edit:
    """Give a strategy parameter another name, wherever a block or a formula refers to it too."""
    edits = _where_named(flow, old, lambda value: renamed(value, old, new))
    return Batch(
        (SetStrategyParameter(old, None), SetStrategyParameter(new, flow.parameters[old]), *edits),
        f"Rename {old} to {new}",
    )


def remove_strategy_parameter(flow: LogicFlow, name: str) -> Edit:
    """Take a strategy parameter away; blocks and formulas that refer to it keep its value as their own."""
    strategy = values_of(flow.parameters)
    edits = _where_named(flow, name, lambda value: without(value, name, strategy))
    return Batch((*edits, SetStrategyParameter(name, None)), f"Remove strategy parameter {name}")


def values_of(strategy: Mapping[str, StrategyParameter]) -> Mapping[str, ParameterValue]:
    """What each strategy parameter is."""
    return {name: parameter.value for name, parameter in strategy.items()}


def _where_named(flow: LogicFlow, name: str, change: Callable[[ParameterValue], ParameterValue]) -> list[Edit]:
    """The edits that change every value which names a strategy parameter, inside groups too."""
    edits: list[Edit] = []
    for group, node, parameter in references_in(flow).get(name, ()):
        body = flow.groups[group].body if group else flow
        edit = SetParameter(node, parameter, change(body.nodes[node].parameters[parameter]))
        edits.append(InGroup(group, edit) if group else edit)
    return edits


Reference = tuple[str, str, str]
"""Where a value is taken from a strategy parameter: group (empty: in none), node, parameter."""


def references_in(flow: LogicFlow) -> Mapping[str, Sequence[Reference]]:
    """For each strategy parameter that is named, alone or in formulas, everywhere that it is."""
    found: dict[str, list[Reference]] = {}
    for group, body in (("", flow), *((id, group.body) for id, group in flow.groups.items())):
        for node in body.nodes.values():
            for parameter, value in node.parameters.items():
                if isinstance(value, Binding):
                    for name in names_in(value):
                        found.setdefault(name, []).append((group, node.id, parameter))
    return found


def _one_step(edits: Sequence[Edit], title: str) -> Edit:
    return edits[0] if len(edits) == 1 else Batch(tuple(edits), title)
