"""A block template between its JSON form and the flow's value, checked on the way in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from builder_app.codegen.recipes.checking import check_template
from builder_app.flow.group_templates import body_from_json, body_to_json
from builder_app.flow.templates import InputPort, NodeTemplate, OutputPort
from builder_app.flow.unreadable import FlowUnreadable
from builder_app.flow.values import Binding, Group, Json, NodeType, PortType, Secret, frozen_mapping
from builder_app.nodes.form import form_problems
from builder_app.nodes.parameters import validate_parameters


class TemplatesUnreadable(ValueError):
    """Templates that cannot be used; `problems` are whole sentences, one for each thing that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def template_from_json(obj: object) -> NodeTemplate:
    """The template that a JSON value describes. Raises TemplatesUnreadable with everything that is wrong in it."""
    template = _checked(obj)
    return replace(template, earlier=_earlier(obj, template)) if isinstance(obj, dict) else template


def trusted_template(obj: Mapping[str, Any]) -> NodeTemplate:
    """The template of a JSON value that `template_from_json` has taken before; it is not checked again."""
    template = _template(obj)
    return replace(template, earlier=tuple(map(_template, obj["execution_hints"].get("earlier", ()))))


def _checked(obj: object) -> NodeTemplate:
    """The template without its earlier versions."""
    problems = form_problems(obj)
    if problems or not isinstance(obj, dict):
        raise TemplatesUnreadable(problems)
    try:
        template = _template(obj)
    except FlowUnreadable as reason:
        raise TemplatesUnreadable(f"What is inside the block cannot be read: {reason}".splitlines()) from None
    problems = [*_name_problems(template), *_output_problems(template), *_default_problems(template)]
    if not problems and not template.body:
        problems = list(check_template(template))
    if problems:
        raise TemplatesUnreadable(problems)
    return template


def _earlier(obj: Mapping[str, Any], newest: NodeTemplate) -> tuple[NodeTemplate, ...]:
    """Its earlier versions, each checked as strictly as the newest one."""
    found: list[NodeTemplate] = []
    for value in obj["execution_hints"].get("earlier", ()):
        if isinstance(value, dict) and "earlier" in (value.get("execution_hints") or {}):
            raise TemplatesUnreadable(
                ["An earlier version of the block has earlier versions of its own; list it once."]
            )
        template = _checked(value)
        if template.name != newest.name or template.version in {newest.version, *(one.version for one in found)}:
            raise TemplatesUnreadable(
                [f"An earlier version of '{newest.name}' has another name, or a version that stands there twice."]
            )
        found.append(template)
    return tuple(found)


def template_to_json(template: NodeTemplate) -> dict[str, Json]:
    """The JSON form of a template: `template_from_json` gives the same template back."""
    return {
        "name": template.name,
        "display_name": template.display_name,
        "node_type": str(template.node_type),
        "category": template.category,
        "description": template.description,
        "version": template.version,
        "icon": template.icon,
        "color": template.color,
        "synonyms": list(template.synonyms),
        "parameter_schema": dict(template.parameter_schema),
        "default_parameters": {
            name: value
            for name, value in template.default_parameters.items()
            if not isinstance(value, Binding | Secret)  # a template stands for itself: it refers to no strategy
        },
        "input_ports": [_input_to_json(port) for port in template.input_ports],
        "output_ports": [
            {
                "name": port.name,
                "type": str(port.type),
                "display_name": port.display_name,
                "description": port.description,
            }
            for port in template.output_ports
        ],
        "validation_rules": dict(template.validation_rules),
        "execution_hints": {
            "outputs": dict(template.outputs),
            "phrases": dict(template.phrases),
            "example": template.example,
            **({"plot": dict(template.plot)} if template.plot else {}),
            **({} if template.warm_up is None else {"warm_up": template.warm_up}),
            **({"body": body_to_json(template.body)} if template.body else {}),
            **({"earlier": [template_to_json(one) for one in template.earlier]} if template.earlier else {}),
        },
    }


def _input_to_json(port: InputPort) -> dict[str, Json]:
    return {
        "name": port.name,
        "type": str(port.type),
        "required": port.required,
        "multiple": port.multiple,
        "display_name": port.display_name,
        "description": port.description,
        "default": port.default,
    }


def _template(obj: Mapping[str, Any]) -> NodeTemplate:
    hints = obj["execution_hints"]
    return NodeTemplate(
        name=obj["name"],
        display_name=obj["display_name"],
        node_type=NodeType(obj["node_type"]),
        category=obj["category"],
        description=obj.get("description", ""),
        parameter_schema=frozen_mapping(obj.get("parameter_schema", {"type": "object", "properties": {}})),
        default_parameters=frozen_mapping(obj.get("default_parameters", {})),
        input_ports=tuple(InputPort(**{**port, "type": PortType(port["type"])}) for port in obj.get("input_ports", ())),
        output_ports=tuple(OutputPort(**{**port, "type": PortType(port["type"])}) for port in obj["output_ports"]),
        version=obj.get("version", "1.0.0"),
        icon=obj.get("icon", ""),
        color=obj.get("color", ""),
        outputs=frozen_mapping(hints["outputs"]),
        validation_rules=frozen_mapping(obj.get("validation_rules", {})),
        synonyms=tuple(obj.get("synonyms", ())),
        example=hints.get("example", ""),
        phrases=frozen_mapping(hints.get("phrases", {})),
        plot=frozen_mapping(hints.get("plot", {})),
        warm_up=hints.get("warm_up"),
        body=body_from_json(hints["body"]) if "body" in hints else (),
    )


def parameter_names(template: NodeTemplate) -> tuple[str, ...]:
    """The names of the template's parameters, in the order in which they are shown."""
    properties = template.parameter_schema.get("properties")
    return tuple(properties) if isinstance(properties, dict) else ()


def _name_problems(template: NodeTemplate) -> list[str]:
    spoken = [*(port.name for port in template.input_ports), *parameter_names(template)]
    problems = [
        f"The name '{name}' stands for two inputs or parameters; rename one, or a recipe cannot tell them apart."
        for name, times in Counter(spoken).items()
        if times > 1
    ]
    outputs = Counter(port.name for port in template.output_ports)
    problems += [f"There is more than one output '{name}'; rename one." for name, times in outputs.items() if times > 1]
    if "prices" in spoken:
        problems.append("An input or parameter is called 'prices', which in a recipe is the bars; rename it.")
    return problems


def _output_problems(template: NodeTemplate) -> list[str]:
    if template.body:
        return _body_problems(template)
    ports = {port.name for port in template.output_ports}
    missing = [f"The output '{name}' has no recipe; add it to execution_hints.outputs." for name in ports]
    return sorted(text for name, text in zip(ports, missing, strict=True) if name not in template.outputs) + [
        f"There is a recipe for '{name}', but no such output; add the output or take the recipe away."
        for name in template.outputs
        if name not in ports
    ]


def _body_problems(template: NodeTemplate) -> list[str]:
    """A block made of a group has that group's ports, and every recipe is a block's inside it."""
    group: Group = template.body[0]
    problems = [f"The output '{name}' has a recipe, but the block is made of a group." for name in template.outputs]
    for what, said, drawn in (
        ("inputs", template.input_ports, group.inputs),
        ("outputs", template.output_ports, group.outputs),
    ):
        if [(port.name, port.type) for port in said] != [(port.name, port.type) for port in drawn]:
            problems.append(f"The {what} of the block are not those of the group inside it.")
    known = {parameter.name for parameter in group.parameters}
    problems += [
        f"The parameter '{name}' leads to no block inside." for name in parameter_names(template) if name not in known
    ]
    return problems


def _default_problems(template: NodeTemplate) -> list[str]:
    names = parameter_names(template)
    required = template.parameter_schema.get("required")
    must_be_set = set(map(str, required)) if isinstance(required, list) else set()
    problems = [
        f"The parameter '{name}' has no default; add one, or list it under required."
        for name in names
        if name not in template.default_parameters and name not in must_be_set
    ]
    if not must_be_set - set(template.default_parameters):
        problems += [f"A default does not fit. {message}" for _, message in validate_parameters(template, {})]
    problems += [
        f"The parameter '{name}' is sensitive, so its default must be empty: a template is there for everybody."
        for name in sorted(template.sensitive)
        if template.default_parameters.get(name) not in (None, "")
    ]
    ordered = template.validation_rules.get("rising")
    for name in (str(name) for names_in_order in _lists(ordered) for name in names_in_order):
        if name not in names:
            problems.append(f"The validation rule 'rising' names '{name}', but there is no such parameter.")
    return problems


def _lists(value: Json) -> list[list[Json]]:
    return [item for item in value if isinstance(item, list)] if isinstance(value, list) else []
