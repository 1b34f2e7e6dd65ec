"""The eight node types as groups of blocks, in words, and large groups by category."""

from collections.abc import Iterable, Mapping
from typing import Final

from builder_app.flow.templates import NodeTemplate
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
MOST_IN_ONE_LIST: Final = 30
"""A type with more blocks than this is shown by category: nobody reads a list that long."""
_CATEGORY_ORDER: Final = (
    "My blocks",
    "Prices",
    "Moving averages",
    "Bands and overlays",
    "Momentum",
    "Volatility",
    "Volume",
    "Candle patterns",
    "Cycles",
    "Statistics",
    "Look back",
    "Arithmetic",
    "Math functions",
    "Comparison",
    "Crossings",
    "Logic",
    "Over time",
    "Calendar",
    "Across symbols",
)
"""The order in which a strategist looks for them; categories that are not here follow by name."""


def by_category(templates: Iterable[NodeTemplate]) -> dict[str, list[NodeTemplate]]:
    """The templates by category, in the order of the categories; none where one list can hold them all."""
    found: dict[str, list[NodeTemplate]] = {}
    for template in templates:
        found.setdefault(template.category, []).append(template)
    if len(found) < 2 or sum(map(len, found.values())) <= MOST_IN_ONE_LIST:
        return {}
    places = {category: place for place, category in enumerate(_CATEGORY_ORDER)}
    order = sorted(found, key=lambda category: (places.get(category, len(places)), category.casefold()))
    return {category: found[category] for category in order}
