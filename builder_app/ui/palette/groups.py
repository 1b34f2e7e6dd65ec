"""The eight node types as groups of blocks, in words."""

from collections.abc import Mapping
from typing import Final

from builder_app.flow.values import NodeType, frozen_mapping

GROUP_TITLES: Final[Mapping[NodeType, str]] = frozen_mapping(
    {
        NodeType.INDICATOR: "Indicators",
        NodeType.CONDITION: "Conditions",
        NodeType.SIGNAL: "Signals",
        NodeType.POSITION: "Position sizes",
        NodeType.STOP_LOSS: "Stops",
        NodeType.STOP_PROFIT: "Profit targets",
        NodeType.RISK_MANAGEMENT: "Risk rules",
        NodeType.CUSTOM: "Custom",
    }
)
TEMPLATE_MIME: Final = "application/x-strategy-builder-template"
"""The kind of data a dragged block carries: its template's name as UTF-8."""
