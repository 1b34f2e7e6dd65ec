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
        groups=frozen_mapping(
            (id, replace(group, body=without_secrets(group.body))) for id, group in flow.groups.items()
        ),
    )


def _without_secrets(node: Node) -> Node:
    if not any(isinstance(value, Secret) for value in node.parameters.values()):
        return node
    kept = {name: Secret() if isinstance(value, Secret) else value for name, value in node.parameters.items()}
    return replace(node, parameters=frozen_mapping(kept))


def is_other_picture(one: object, other: object) -> bool:
    """Whether two stored pictures differ in more than in the ciphertexts of sensitive values, which always differ."""
    return one != other and _without_ciphertexts(one) != _without_ciphertexts(other)


def _without_ciphertexts(value: object) -> object:
    match value:
        case {"sealed": _}:
            return None
        case dict():
            return {name: _without_ciphertexts(item) for name, item in value.items()}
        case list() | tuple():
            return [_without_ciphertexts(item) for item in value]
        case _:
            return value
