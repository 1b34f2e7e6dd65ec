"""A flow as the store keeps it: its JSON form in one column, the strategy's parameters in another."""

from collections.abc import Mapping
from typing import Any

from builder_app.flow.codec import FlowUnreadable, decode, encode
from builder_app.flow.values import LogicFlow


def split_flow(flow: LogicFlow) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns `logic_flow` and `parameters`."""
    content: dict[str, Any] = encode(flow)
    return content, content.pop("parameters")


def joined_flow(logic_flow: Mapping[str, Any], parameters: Mapping[str, Any]) -> LogicFlow:
    """The flow that `split_flow` took apart; raises FlowUnreadable where a column was damaged."""
    return decode({**logic_flow, "parameters": dict(parameters)})


def flow_or_none(logic_flow: Mapping[str, Any], parameters: Mapping[str, Any]) -> LogicFlow | None:
    """The flow, or None where a column was damaged."""
    try:
        return joined_flow(logic_flow, parameters)
    except FlowUnreadable:
        return None
