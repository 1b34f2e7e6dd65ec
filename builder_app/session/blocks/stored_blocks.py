"""User-made blocks between the store's rows and the flow's values."""

from typing import Any

from builder_app.flow.templates import NodeTemplate
from builder_app.nodes.templates import TemplatesUnreadable as TemplatesUnreadable
from builder_app.nodes.templates import template_from_json, template_to_json
from builder_app.store.records import NewNodeTemplate, NodeTemplateRecord
from builder_app.store.vocabulary import NodeType


def block_of(record: NodeTemplateRecord) -> NodeTemplate:
    """The stored block as the flow's value; raises TemplatesUnreadable where it was damaged."""
    hints = dict(record.execution_hints or {})
    content: dict[str, Any] = {
        name: getattr(record, name)
        for name in (
            *("name", "display_name", "category", "description", "version", "icon", "color"),
            *("parameter_schema", "default_parameters", "input_ports", "output_ports"),
        )
    }
    content |= {"node_type": str(record.node_type), "synonyms": hints.pop("synonyms", []), "execution_hints": hints}
    return template_from_json(content | {"validation_rules": record.validation_rules or {}})


def new_block(template: NodeTemplate) -> NewNodeTemplate:
    """The block as a row to be written; `block_of` reads it back."""
    content: dict[str, Any] = dict(template_to_json(template))
    hints = {**content.pop("execution_hints"), "synonyms": content.pop("synonyms")}
    content |= {name: tuple(content[name]) for name in ("input_ports", "output_ports")}
    content |= {"node_type": NodeType(content["node_type"]), "execution_hints": hints}
    return NewNodeTemplate(**content)
