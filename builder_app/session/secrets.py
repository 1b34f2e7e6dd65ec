"""Sensitive strategy parameters: their values stay in the store, and never reach a file that is given away."""

from dataclasses import replace

from builder_app.flow.values import LogicFlow, frozen_mapping


def without_secrets(flow: LogicFlow) -> LogicFlow:
    """The flow with null for the value of every sensitive parameter; that it is there, and sensitive, stays."""
    return replace(
        flow,
        parameters=frozen_mapping(
            (name, replace(parameter, value=None) if parameter.sensitive else parameter)
            for name, parameter in flow.parameters.items()
        ),
    )
