"""What the inspector shows of the chosen blocks, and the edits that its wishes become. No Qt here."""

from collections.abc import Sequence
from dataclasses import dataclass

from builder_app.flow.edits import Batch, Edit, SetParameter, SetStrategyParameter
from builder_app.flow.values import (
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
    def reference(self) -> str | None:
        """The strategy parameter that all of them take it from."""
        return self.value.name if isinstance(self.value, ParameterReference) and not self.mixed else None


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
    """Give a strategy parameter another name, in every block that refers to it too."""
    edits = [SetParameter(node, name, ParameterReference(new)) for node, name in references_to(flow, old)]
    return Batch(
        (SetStrategyParameter(old, None), SetStrategyParameter(new, flow.parameters[old]), *edits),
        f"Rename {old} to {new}",
    )


def remove_strategy_parameter(flow: LogicFlow, name: str) -> Edit:
    """Take a strategy parameter away; the blocks that refer to it keep its value as their own."""
    value = flow.parameters[name].value
    edits = [SetParameter(node, parameter, value) for node, parameter in references_to(flow, name)]
    return Batch((*edits, SetStrategyParameter(name, None)), f"Remove strategy parameter {name}")


def references_to(flow: LogicFlow, name: str) -> tuple[tuple[str, str], ...]:
    """(node, parameter) wherever a block takes its value from this strategy parameter."""
    reference = ParameterReference(name)
    return tuple(
        (node.id, parameter)
        for node in flow.nodes.values()
        for parameter, value in node.parameters.items()
        if value == reference
    )


def _one_step(edits: Sequence[Edit], title: str) -> Edit:
    return edits[0] if len(edits) == 1 else Batch(tuple(edits), title)
