"""The numbers of a flow that could have been others: parameters of blocks, and of the whole strategy."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from builder_app.codegen.interpreter.interpret import Interpretation
from builder_app.codegen.why.scene import Scene, template_at
from builder_app.flow.drawing import set_value
from builder_app.flow.edits import Edit, SetStrategyParameter
from builder_app.flow.formulas import fault_in, names_in
from builder_app.flow.templates import effective_parameters, schema_of
from builder_app.flow.values import (
    Binding,
    Formula,
    LogicFlow,
    ParameterReference,
    ParameterValue,
    PortType,
    StrategyParameter,
    frozen_mapping,
    with_node,
)
from builder_app.flow.wording import words

Found = Mapping[str, Interpretation]


@dataclass(eq=False)
class Lever:
    """One number: `old` is what it is, `low` and `high` its range, `scale` what its changes are measured by.

    `node` and `parameter` hold it, or the strategy parameter `reference`, which several blocks may take.
    """

    scene: Scene
    node: str
    parameter: str
    reference: str
    old: float
    whole: bool
    low: float
    high: float
    step: float

    @property
    def scale(self) -> float:
        """A change as large as this is a change by all of it."""
        return max(abs(self.old), self.step)

    @property
    def words(self) -> str:
        """What it is called."""
        return f"the strategy parameter “{words(self.reference)}”" if self.reference else words(self.parameter)

    @property
    def where(self) -> str:
        """In which block it is."""
        return "" if self.reference else f" in {self.scene.drawing.name(self.node)}"

    @cached_property
    def nodes(self) -> frozenset[str]:
        """The blocks that take it."""
        if not self.reference:
            return frozenset({self.node})
        drawing = self.scene.drawing
        return frozenset(
            node.id
            for node, template in drawing.blocks()
            if any(
                self.reference in names_in(value)
                for value in {**template.default_parameters, **node.parameters}.values()
                if isinstance(value, Binding)
            )
        )

    @cached_property
    def reaches(self) -> frozenset[str]:
        """Those blocks, and what they feed."""
        seen, waiting = set(self.nodes), list(self.nodes)
        while waiting:
            for edge in self.scene.drawing.out_of.get(waiting.pop(), ()):
                if edge.target.node not in seen:
                    seen.add(edge.target.node)
                    waiting.append(edge.target.node)
        return frozenset(seen)

    @cached_property
    def compared(self) -> tuple[float, ...]:
        """What is wired into these blocks at the bar and the one before: a level is often to be just beyond it."""
        scene = self.scene
        found = []
        for node in self.nodes:
            for edge in scene.drawing.into.get(node, ()):
                found += [scene.value(edge.source, back) for back in (0, 1)]
            found += [float(values[scene.place]) for name, values in scene.member.prices.items() if name != "time"]
        return tuple(value for value in found if isinstance(value, float) and not math.isnan(value))

    def typed(self, value: float) -> int | float:
        """The value as the parameter takes it."""
        return int(value) if self.whole else float(value)

    def edit(self, value: float) -> Edit:
        """The edit that gives it this value, in the flow with its groups opened."""
        if self.reference:
            held = self.scene.drawing.flow.parameters[self.reference]
            return SetStrategyParameter(self.reference, replace(held, value=self.typed(value)))
        return set_value(self.scene.drawing, self.node, self.parameter, self.typed(value))

    def drawn_with(self, value: float) -> LogicFlow:
        """The opened flow with this value."""
        flow = self.scene.drawing.flow
        if self.reference:
            held = replace(flow.parameters[self.reference], value=self.typed(value))
            return replace(flow, parameters=frozen_mapping({**flow.parameters, self.reference: held}))
        node = flow.nodes[self.node]
        values = frozen_mapping({**node.parameters, self.parameter: self.typed(value)})
        return with_node(flow, replace(node, parameters=values))

    def allows(self, value: float) -> bool:
        """Whether every block that takes it takes this value."""
        flow = self.drawn_with(value)
        strategy: dict[str, ParameterValue] = {name: one.value for name, one in flow.parameters.items()}
        for node in self.nodes:
            template, held = template_at(self.scene, node), flow.nodes[node]
            if self.scene.drawing.validate_parameters(template, effective_parameters(held, template, strategy)):
                return False
            if any(fault_in(each, strategy, schema_of(template, name)) for name, each in held.parameters.items()):
                return False
        return True


def levers(scene: Scene, nodes: frozenset[str]) -> Iterator[Lever]:
    """Every number of these blocks, the last ones of the chain first; a strategy parameter only once."""
    told: set[str] = set()
    for id in reversed([node for node in scene.order if node in nodes]):
        node, template = scene.drawing.flow.nodes[id], template_at(scene, id)
        held = {**template.default_parameters, **node.parameters}
        for name, schema in _numbers(template.parameter_schema):
            value = held.get(name)
            number = scene.drawing.number(id, name)
            if number is None or _is_covered(scene, id, name):
                continue
            if isinstance(value, Formula):
                yield from _in_formula(scene, (id, name), value, told)
                continue
            reference = value.name if isinstance(value, ParameterReference) else ""
            if reference in told:
                continue
            told |= {reference} - {""}
            low, high, step = _range(schema, scene.drawing.flow.parameters.get(reference))
            yield Lever(scene, id, name, reference, number, schema.get("type") == "integer", low, high, step)


def _in_formula(scene: Scene, held: tuple[str, str], formula: Formula, told: set[str]) -> Iterator[Lever]:
    """The strategy parameters of a formula that are numbers: what is changed is one of them, never the formula."""
    node, name = held
    for reference in names_in(formula):
        parameter = scene.drawing.flow.parameters[reference]
        value = parameter.value
        if reference in told or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        told.add(reference)
        low, high, step = _range({}, parameter)
        whole = float(value).is_integer() and (isinstance(value, int) or step.is_integer())
        yield Lever(scene, node, name, reference, value, whole, low, high, step)


def behind(scene: Scene, ends: list[str]) -> frozenset[str]:
    """These blocks, and whatever feeds them."""
    seen, waiting = set(ends), list(ends)
    while waiting:
        for edge in scene.drawing.into.get(waiting.pop(), ()):
            if edge.source.node not in seen:
                seen.add(edge.source.node)
                waiting.append(edge.source.node)
    return frozenset(seen)


def _numbers(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    properties = schema.get("properties")
    for name, each in (properties if isinstance(properties, Mapping) else {}).items():
        if isinstance(each, Mapping) and each.get("type") in ("integer", "number") and "enum" not in each:
            yield name, each


def _is_covered(scene: Scene, node: str, name: str) -> bool:
    """Whether the number stands in for an input that has a wire: then it says nothing."""
    entries = template_at(scene, node).input_ports
    return any(
        entry.default == name and entry.type is PortType.SERIES and scene.sources(node, entry.name) for entry in entries
    )


def _range(schema: Mapping[str, Any], parameter: StrategyParameter | None) -> tuple[float, float, float]:
    """The lowest and the highest value, and the step, as block and strategy parameter give them together."""
    low = max(float(schema.get(name, -math.inf)) for name in ("minimum", "exclusiveMinimum"))
    high = min(float(schema.get(name, math.inf)) for name in ("maximum", "exclusiveMaximum"))
    step = float(schema.get("x-step", 1.0))
    if parameter is not None:
        low = low if parameter.minimum is None else max(low, parameter.minimum)
        high = high if parameter.maximum is None else min(high, parameter.maximum)
        step = step if parameter.step is None else parameter.step
    return low, high, step
