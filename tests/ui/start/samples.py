"""A few blocks, flows and cards to show."""

import datetime

from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import Edge, LogicFlow, Node, NodeType, Point, Port, PortType, frozen_mapping
from builder_app.ui.start.faces import ExampleCard, StrategyCard

NOW = datetime.datetime(2024, 5, 20, 15, 0, tzinfo=datetime.UTC)
AVERAGE = NodeTemplate(
    "average",
    "Average",
    NodeType.INDICATOR,
    "trend",
    input_ports=(InputPort("price", PortType.SERIES),),
    output_ports=(OutputPort("value", PortType.SERIES),),
)
ABOVE = NodeTemplate(
    "above",
    "Above",
    NodeType.CONDITION,
    "comparison",
    input_ports=(InputPort("a", PortType.SERIES),),
    output_ports=(OutputPort("result", PortType.BOOLEAN),),
)
CATALOGUE = Catalogue(frozen_mapping({template.name: template for template in (AVERAGE, ABOVE)}))
TWO_BLOCKS = LogicFlow(
    nodes=frozen_mapping(
        {
            "fast": Node("fast", "average", position=Point(0, 0)),
            "above": Node("above", "above", position=Point(600, 120)),
        }
    ),
    edges=(Edge(Port("fast", "value"), Port("above", "a")),),
)


def strategy(id: str, **changed: object) -> StrategyCard:
    """A strategy edited three hours before NOW."""
    values: dict[str, object] = {
        "id": id,
        "name": f"Strategy {id}",
        "flow": TWO_BLOCKS,
        "edited_at": NOW - datetime.timedelta(hours=3),
        "figure": "total return +12.4 %",
    }
    return StrategyCard(**{**values, **changed})  # type: ignore[arg-type]


def example(id: str) -> ExampleCard:
    """An example with a description of several lines."""
    return ExampleCard(id, f"Example {id}", "Buys when the average is above the price. " * 4, TWO_BLOCKS)
