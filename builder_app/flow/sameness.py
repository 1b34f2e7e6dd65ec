"""Whether two parts of flows are one. To Python 1 and True are, to a strategist they are not."""

from builder_app.flow.values import Group, Node, ParameterValue, StrategyParameter


def is_same_value(was: ParameterValue, is_now: ParameterValue) -> bool:
    """Whether two values are one; to Python 1 and True are, to a strategist they are not."""
    return was == is_now and isinstance(was, bool) == isinstance(is_now, bool)


def is_same_group(old: Group | None, new: Group | None) -> bool:
    """Whether two groups are one in everything; a parameter of 1 is not one of True."""
    if old is None or new is None or old is new:
        return old is new
    return old == new and all(is_same_node(node, new.body.nodes[id]) for id, node in old.body.nodes.items())


def is_same_parameter(old: StrategyParameter, new: StrategyParameter) -> bool:
    """Whether two strategy parameters are one; a value of 1 is not one of True."""
    return old == new and is_same_value(old.value, new.value)


def is_same_node(old: Node, new: Node) -> bool:
    """Whether two blocks are one in everything; a parameter of 1 is not one of True."""
    return old == new and all(is_same_value(value, new.parameters[name]) for name, value in old.parameters.items())
