"""A small catalogue and flow for the inspector's tests."""

from pathlib import Path
from typing import Final

from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import (
    Json,
    LogicFlow,
    Node,
    NodeType,
    ParameterReference,
    ParameterValue,
    StrategyParameter,
    frozen_mapping,
)
from builder_app.ui.theme import load_theme

RESOURCES: Final = Path(__file__).parents[3] / "resources"
THEME: Final = load_theme(RESOURCES / "themes", "dark")

_SMA_SCHEMA: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "period": {
            "type": "integer",
            "title": "Period",
            "description": "How many bars are averaged.",
            "minimum": 1,
            "maximum": 200,
            "x-unit": "bars",
        },
        "source": {"type": "string", "title": "Source", "enum": ["close", "open"]},
    },
}
_KINDS_SCHEMA: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "factor": {"type": "number", "title": "Factor", "minimum": 0.1, "maximum": 10, "x-step": 0.1},
        "open_number": {"type": "number", "title": "Open number"},
        "strict": {"type": "boolean", "title": "Strict"},
        "tag": {"type": "string", "title": "Tag"},
        "expression": {"type": "string", "title": "Formula", "x-form": "expression"},
    },
}
_SMA_DEFAULTS: Final[dict[str, ParameterValue]] = {"period": 20, "source": "close"}
_KINDS_DEFAULTS: Final[dict[str, ParameterValue]] = {
    "factor": 2.0,
    "open_number": 0.0,
    "strict": False,
    "tag": "",
    "expression": "a + b",
}

SMA: Final = NodeTemplate(
    "sma",
    "Simple moving average",
    NodeType.INDICATOR,
    "Averages",
    description="The mean of the last bars.",
    parameter_schema=frozen_mapping(_SMA_SCHEMA),
    default_parameters=frozen_mapping(_SMA_DEFAULTS),
)
KINDS: Final = NodeTemplate(
    "kinds",
    "Every kind",
    NodeType.CUSTOM,
    "Custom",
    parameter_schema=frozen_mapping(_KINDS_SCHEMA),
    default_parameters=frozen_mapping(_KINDS_DEFAULTS),
)
CATALOGUE: Final = Catalogue(frozen_mapping({"sma": SMA, "kinds": KINDS}))
FLOW: Final = LogicFlow(
    nodes=frozen_mapping(
        {
            "fast": Node("fast", "sma", parameters=frozen_mapping({"period": 10}), label="Fast average"),
            "slow": Node("slow", "sma", parameters=frozen_mapping({"period": 30})),
            "bound": Node("bound", "sma", parameters=frozen_mapping({"period": ParameterReference("slow_period")})),
            "kinds": Node("kinds", "kinds"),
            "lost": Node("lost", "gone", parameters=frozen_mapping({"x": 1})),
        }
    ),
    parameters=frozen_mapping(
        {
            "slow_period": StrategyParameter(30, 5.0, 200.0, 1.0),
            "threshold": StrategyParameter(0.25, None, None, 0.05),
        }
    ),
    name="Crossover",
)
