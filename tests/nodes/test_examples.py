"""The ready-made strategies, read as plain JSON: the flow's own codec has its own tests."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from builder_app.flow.values import ParameterReference
from builder_app.nodes import validate_parameters
from tests.shipped import shipped_catalogue

RESOURCES = Path(__file__).parents[2] / "resources"
TEMPLATES = shipped_catalogue().templates
FILES = sorted((RESOURCES / "examples").glob("*.flow.json"))


def _flow(file: Path) -> dict[str, Any]:
    flow: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return flow


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_wire_joins_two_ports_of_one_type_and_every_required_input_is_wired(file: Path) -> None:
    flow = _flow(file)
    nodes = {node["id"]: TEMPLATES[node["template"]] for node in flow["nodes"]}
    assert len(nodes) == len(flow["nodes"])
    fed: dict[tuple[str, str], int] = {}
    for edge in flow["edges"]:
        output = nodes[edge["source"]["node"]].output_port(edge["source"]["port"])
        target = nodes[edge["target"]["node"]].input_port(edge["target"]["port"])
        assert output is not None, edge
        assert target is not None, edge
        assert output.type is target.type, edge
        place = (edge["target"]["node"], edge["target"]["port"])
        fed[place] = fed.get(place, 0) + 1
        assert fed[place] == 1 or target.multiple
    for id, template in nodes.items():
        for port in template.input_ports:
            assert not port.required or (id, port.name) in fed, (id, port.name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_parameter_is_allowed_at_its_value_and_at_both_bounds(file: Path) -> None:
    flow = _flow(file)
    assert flow["parameters"]
    for parameter in flow["parameters"].values():
        assert parameter["minimum"] <= parameter["value"] <= parameter["maximum"]
    for bound in ("value", "minimum", "maximum"):
        for node in flow["nodes"]:
            values = {
                name: flow["parameters"][value["parameter"]][bound] if isinstance(value, dict) else value
                for name, value in node["parameters"].items()
            }
            assert validate_parameters(TEMPLATES[node["template"]], values) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_strategy_parameter_is_used_and_every_reference_is_defined(file: Path) -> None:
    flow = _flow(file)
    values = [value for node in flow["nodes"] for value in node["parameters"].values()]
    used = {ParameterReference(value["parameter"]).name for value in values if isinstance(value, dict)}
    assert used == set(flow["parameters"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_blocks_stand_on_the_grid_run_to_the_right_and_do_not_overlap(file: Path) -> None:
    flow = _flow(file)
    place = {node["id"]: (node["position"]["x"], node["position"]["y"]) for node in flow["nodes"]}
    assert all(x % 8 == 0 and y % 8 == 0 for x, y in place.values())
    assert all(place[e["source"]["node"]][0] < place[e["target"]["node"]][0] for e in flow["edges"])
    for _, column in _columns(place).items():
        assert all(below - above >= 64 for above, below in pairwise(sorted(column)))
    assert all(node["label"] for node in flow["nodes"])


def _columns(place: dict[str, tuple[float, float]]) -> dict[float, list[float]]:
    columns: dict[float, list[float]] = {}
    for x, y in place.values():
        columns.setdefault(x, []).append(y)
    return columns
