"""What a block template is, and the catalogue of those that exist, as values. `nodes` reads and checks them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from builder_app.flow.formulas import value_of
from builder_app.flow.values import (
    Binding,
    Group,
    Json,
    Node,
    NodeType,
    ParameterValue,
    PortType,
    frozen_mapping,
)


@dataclass(frozen=True, slots=True)
class InputPort:
    """An input: `multiple` takes any number of wires; one that is not `required` may stay unwired.

    `default` is the recipe that stands in for it then, for example `prices[source]`.
    """

    name: str
    type: PortType
    required: bool = True
    multiple: bool = False
    description: str = ""
    display_name: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class OutputPort:
    """An output; any number of wires may start in it."""

    name: str
    type: PortType
    description: str = ""
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class NodeTemplate:
    """One kind of block. Field names are those of the `node_templates` table and of the curated JSON files.

    `parameter_schema` is a JSON Schema (2020-12) of type object whose properties are the parameters, in the order in
    which they are shown. `outputs` holds `execution_hints.outputs`: for each output port one Python expression over
    port and parameter names (a recipe).
    """

    name: str
    display_name: str
    node_type: NodeType
    category: str
    description: str = ""
    parameter_schema: Mapping[str, Json] = field(default_factory=frozen_mapping)
    default_parameters: Mapping[str, ParameterValue] = field(default_factory=frozen_mapping)
    input_ports: tuple[InputPort, ...] = ()
    output_ports: tuple[OutputPort, ...] = ()
    version: str = "1.0.0"
    icon: str = ""
    color: str = ""
    outputs: Mapping[str, str] = field(default_factory=frozen_mapping)
    validation_rules: Mapping[str, Json] = field(default_factory=frozen_mapping)
    synonyms: tuple[str, ...] = ()
    example: str = ""
    """A sentence that shows the block at work; `execution_hints.example` in the file."""
    phrases: Mapping[str, str] = field(default_factory=frozen_mapping)
    """What each output is in plain English, as `phrases` reads it; `execution_hints.phrases` in the file."""
    plot: Mapping[str, Json] = field(default_factory=frozen_mapping)
    """How it is drawn: `pane` is price (over the bars) or own; `styles` names a style for each output. May be empty."""
    warm_up: int | None = None
    """Bars before its first value at the default parameters; None where nobody said it."""

    body: tuple[Group, ...] = ()
    """Of a group: itself and, behind it, the groups that it contains. Such a template has no recipes."""
    earlier: tuple["NodeTemplate", ...] = ()
    """What a user's block was in its earlier versions, the oldest first: flows keep the one they were drawn with."""
    sensitive: frozenset[str] = field(init=False, repr=False, compare=False)
    """The parameters that the schema marks `x-sensitive`: encrypted at rest, never in code."""

    def __post_init__(self) -> None:
        properties = self.parameter_schema.get("properties")
        schemas = properties if isinstance(properties, Mapping) else {}
        hidden = (
            name
            for name, schema in schemas.items()
            if isinstance(schema, Mapping) and schema.get("x-sensitive") is True
        )
        object.__setattr__(self, "sensitive", frozenset(hidden))

    def input_port(self, name: str) -> InputPort | None:
        """The input of this name, or None."""
        for port in self.input_ports:
            if port.name == name:
                return port
        return None

    def output_port(self, name: str) -> OutputPort | None:
        """The output of this name, or None."""
        for port in self.output_ports:
            if port.name == name:
                return port
        return None

    def at_version(self, version: str) -> "NodeTemplate":
        """What it was in this version; the template as it is now where that version is not kept."""
        if not self.earlier or version == self.version:
            return self
        return next((template for template in self.earlier if template.version == version), self)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every block template that may be drawn, by name."""

    templates: Mapping[str, NodeTemplate] = field(default_factory=frozen_mapping)
    user_made: frozenset[str] = frozenset()
    """The names of those that did not come with the program: the user's own, and those that others share."""
    shared_by: Mapping[str, str] = field(default_factory=frozen_mapping)
    """Who shares a user-made block, by its name: another user's id, or nothing where it is the user's own."""

    def of(self, node: Node) -> NodeTemplate | None:
        """The node's template in the version that it was drawn with, or None where this program does not know it."""
        return template_of(node, self.templates)

    def is_own(self, name: str) -> bool:
        """Whether the user made this block, and so may change it."""
        return name in self.user_made and not self.shared_by.get(name)


def template_of(node: Node, templates: Mapping[str, NodeTemplate]) -> NodeTemplate | None:
    """The template of a block among these, in the version that it was drawn with."""
    found = templates.get(node.template)
    return found.at_version(node.template_version) if found is not None else None


def schema_of(template: NodeTemplate, name: str) -> Mapping[str, Json]:
    """What the template's JSON Schema says of a parameter; nothing where it does not know it."""
    properties = template.parameter_schema.get("properties")
    wanted = properties.get(name) if isinstance(properties, Mapping) else None
    return wanted if isinstance(wanted, Mapping) else {}


def effective_parameters(
    node: Node, template: NodeTemplate, strategy: Mapping[str, ParameterValue]
) -> dict[str, ParameterValue]:
    """Each parameter's value: what was set, or the default; a bound one has its value where `strategy` gives one."""
    values = {**template.default_parameters, **node.parameters}
    return {name: value_of(value, strategy) if isinstance(value, Binding) else value for name, value in values.items()}
