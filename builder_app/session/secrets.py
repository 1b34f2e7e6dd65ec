"""Sensitive values: they stay in the store, sealed, and never reach a file that is given away, sealed or not."""

from dataclasses import replace

from builder_app.flow.values import LogicFlow, Node, Secret, frozen_mapping


def without_secrets(flow: LogicFlow) -> LogicFlow:
    """The flow with nothing in place of every sensitive value; that there was one, and that it is sensitive, stays."""
    return replace(
        flow,
        nodes=frozen_mapping((id, _without_secrets(node)) for id, node in flow.nodes.items()),
        parameters=frozen_mapping(
            (name, replace(parameter, value=Secret()) if parameter.sensitive else parameter)
            for name, parameter in flow.parameters.items()
        ),
    )


def _without_secrets(node: Node) -> Node:
    if not any(isinstance(value, Secret) for value in node.parameters.values()):
        return node
    kept = {name: Secret() if isinstance(value, Secret) else value for name, value in node.parameters.items()}
    return replace(node, parameters=frozen_mapping(kept))
