"""The form of files: nothing is lost on the way, everything that is wrong is said with its place."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.codec import FlowUnreadable, decode, dumps, encode, loads
from builder_app.flow.values import Edge, LogicFlow, Node, ParameterReference, Point, Port, frozen_mapping
from tests.flow.strategies import flows

Document = dict[str, Any]


def _document() -> Document:
    return {
        "format": "logic-flow",
        "version": 1,
        "parameters": {"fast_period": {"value": 10, "minimum": 1, "maximum": 200, "step": 1, "x-sensitive": False}},
        "nodes": [
            {"id": "prices", "template": "prices"},
            {
                "id": "fast",
                "template": "sma",
                "template_version": "1.0.0",
                "parameters": {"period": {"parameter": "fast_period"}, "source": "close"},
                "label": "Fast average",
                "position": {"x": 1.5, "y": -2},
                "muted": False,
                "note": "",
            },
        ],
        "edges": [
            {
                "source": {"node": "prices", "port": "close"},
                "target": {"node": "fast", "port": "price"},
                "points": [{"x": 10, "y": 20.5}],
            }
        ],
        "frames": [{"id": "f1", "title": "Trend", "rect": [0, 0, 400, 300], "color": "#123456"}],
        "notes": [{"id": "n1", "text": "why", "rect": [0, 0, 10, 10]}],
        "groups": [
            {
                "id": "trend",
                "title": "Trend",
                "description": "Follows it.",
                "nodes": [
                    {"id": "group_inputs", "template": "group_inputs"},
                    {"id": "group_outputs", "template": "group_outputs"},
                ],
                "edges": [
                    {"source": {"node": "group_inputs", "port": "x"}, "target": {"node": "group_outputs", "port": "y"}}
                ],
                "frames": [],
                "notes": [],
                "inputs": [{"name": "x", "type": "series", "display_name": "X"}],
                "outputs": [{"name": "y", "type": "series"}],
                "parameters": [{"name": "period", "node": "fast", "parameter": "period"}],
            }
        ],
    }


def _problems(text: str | bytes) -> list[str]:
    with pytest.raises(FlowUnreadable) as caught:
        loads(text)
    assert all(problem.message.endswith(".") and problem.hint for problem in caught.value.problems)
    return [f"{problem.rule}: {problem.message}" for problem in caught.value.problems]


@given(flows())
def test_what_was_written_reads_as_the_same_flow(flow: LogicFlow) -> None:
    text = dumps(flow)
    assert loads(text) == flow
    assert loads(text.encode()) == flow
    assert dumps(loads(text)) == text


@given(flows(), st.randoms())
def test_equal_flows_give_equal_text_whatever_their_order(flow: LogicFlow, random: Any) -> None:
    items = list(flow.nodes.items())
    random.shuffle(items)
    assert dumps(replace(flow, nodes=dict(items))) == dumps(flow)


@given(flows())
def test_text_is_plain_json_of_the_encoded_flow(flow: LogicFlow) -> None:
    assert json.loads(dumps(flow)) == encode(flow)
    assert dumps(flow).endswith("}\n")


def test_a_document_reads_as_what_it_says() -> None:
    flow = decode(_document())
    assert flow.nodes["fast"].position == Point(1.5, -2)
    assert flow.nodes["fast"].parameters == {"period": ParameterReference("fast_period"), "source": "close"}
    assert flow.nodes["prices"] == Node("prices", "prices")
    assert flow.edges == (Edge(Port("prices", "close"), Port("fast", "price")),)
    assert flow.parameters["fast_period"].maximum == 200


def test_blocks_of_unknown_kinds_are_kept() -> None:
    flow = LogicFlow(nodes=frozen_mapping({"x": Node("x", "from_the_future", parameters=frozen_mapping({"a": 1}))}))
    assert loads(dumps(flow)) == flow


def test_half_letters_become_the_replacement_letter_so_that_the_file_can_be_written() -> None:
    text = dumps(LogicFlow(nodes=frozen_mapping({"x": Node("x", "sma", label="a\ud83d")})))
    assert loads(text.encode()).nodes["x"].label == "a\ufffd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "not-json: The text is not JSON: at line 1, column 1: Expecting value."),
        ('{"format":\n "logic-flow",,}', "not-json: The text is not JSON: at line 2, column 15: "),
        (b"\xff\xfe{", "not-utf-8: The file is not text in UTF-8: byte 1 does not fit."),
        ("[1]", "unknown-format: A logic flow is a JSON object, but the text holds a list."),
        ("{}", "unknown-format: This is not a logic flow: it has no 'format'."),
        ('{"format": "png"}', "unknown-format: This is not a logic flow: its format (at $.format) is the text 'png'."),
        ('{"format": "logic-flow"}', "unknown-version: The version of the flow's form, at $.version, is unknown: it"),
        ('{"format": "logic-flow", "version": 2}', "newer-version: This flow was made by a newer version of the prog"),
        ('{"format": "logic-flow", "version": 1e999}', "newer-version: This flow was made by a newer version"),
        ('{"format": "logic-flow", "version": true}', "unknown-version: "),
        ('{"format": "logic-flow", "version": "1"}', "unknown-version: "),
        ("[" * 65 + "]" * 65, "too-deep: The text is nested more than 64 levels deep"),
        ("[" * 100_000, "too-deep: The text is nested more than 64 levels deep."),
        ('{"format": "logic-flow", "a": ' + "[" * 64 + "]" * 64 + "}", "too-deep: "),
        (" " * 20_000_001, "too-large: The text is larger than 20 MB."),
        ("ä" * 10_000_001, "too-large: The text is larger than 20 MB."),
    ],
)
def test_a_text_that_is_no_flow_is_refused_with_where_and_why(text: str | bytes, expected: str) -> None:
    assert _problems(text)[0].startswith(expected)


def test_a_byte_order_mark_is_taken() -> None:
    assert loads(b"\xef\xbb\xbf" + json.dumps(_document()).encode()) == decode(_document())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.5", "NaN", "number: The number at $.nodes[1].position.x is not finite"),
        ("1.5", "-Infinity", "number: The number at $.nodes[1].position.x is not finite"),
        ("1.5", "1e999", "number: The number at $.nodes[1].position.x is not finite"),
        ("1.5", "9" * 5_000, "number: The number at $.nodes[1].position.x is not finite"),
        ('"source": "close"', '"source": 1e999', "number: The number at $.nodes[1].parameters.source is not finite"),
        (
            '"muted": false',
            '"muted": false, "muted": true',
            "repeated-member: At $.nodes[1] the member 'muted' stands more",
        ),
        ('"nodes": [', '"nodes": [], "nodes": [', "repeated-member: At $ the member 'nodes' stands more than once."),
        ('"close"}', '"close", "close": 1, "close": 2}', "repeated-member: At $.nodes[1].parameters the member 'close"),
        ("why", "\\ud800", "type: The text at $.notes[0].text holds half of a letter"),
    ],
)
def test_what_only_the_text_shows_is_refused_with_its_place(old: str, new: str, expected: str) -> None:
    text = json.dumps(_document())
    assert old in text
    assert _problems(text.replace(old, new, 1))[0].startswith(expected)


def _double_a_node(document: Document) -> None:
    document["nodes"].append({"id": "fast", "template": "ema"})


def _double_a_frame(document: Document) -> None:
    document["frames"].append({"id": "f1", "title": "", "rect": [0, 0, 1, 1]})


def _double_a_wire(document: Document) -> None:
    document["edges"].append(document["edges"][0])


def _double_a_wire_in_other_words(document: Document) -> None:
    source, target = document["edges"][0]["source"], document["edges"][0]["target"]
    turned = {"target": dict(reversed(target.items())), "source": dict(reversed(source.items()))}
    document["edges"].append(turned)


def _lead_to_nowhere(document: Document) -> None:
    document["edges"][0]["target"]["node"] = "gone"


def _misspell(document: Document) -> None:
    document["nodes"][1]["lable"] = "x"


def _overfill(document: Document) -> None:
    document["nodes"] = [{"id": str(number), "template": "sma"} for number in range(10_001)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_double_a_node, "duplicate-id: The id 'fast' at $.nodes[2].id is taken by the block at $.nodes[1]."),
        (_double_a_frame, "duplicate-id: The id 'f1' at $.frames[1].id is taken by the frame at $.frames[0]."),
        (_double_a_wire, "duplicate-edge: The wire at $.edges[1] is there already, at $.edges[0]."),
        (_double_a_wire_in_other_words, "duplicate-edge: The wire at $.edges[1] is there already, at $.edges[0]."),
        (_lead_to_nowhere, "edge-to-nowhere: The wire at $.edges[0].target.node leads to nowhere: there is no block"),
        (_misspell, "unknown-member: At $.nodes[1] there is an unknown member: the text 'lable'."),
        (_overfill, "too-many-nodes: At $.nodes there are 10,001 blocks; a flow holds at most 10,000."),
    ],
)
def test_what_breaks_the_meaning_is_refused_with_its_place(change: Callable[[Document], None], expected: str) -> None:
    document = _document()
    change(document)
    (found,) = _problems(json.dumps(document))
    assert found.startswith(expected)


def test_a_misspelt_member_comes_with_what_was_meant() -> None:
    document = _document()
    _misspell(document)
    with pytest.raises(FlowUnreadable) as caught:
        decode(document)
    assert caught.value.problems[0].hint == "Did you mean 'label'?"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    document = _document()
    for change in (_double_a_node, _double_a_frame, _double_a_wire, _lead_to_nowhere, _misspell):
        change(document)
    document["nodes"][1]["muted"] = "no"
    document["parameters"]["fast_period"]["step"] = None
    rules = [problem.split(":")[0] for problem in _problems(json.dumps(document))]
    assert sorted(rules) == [
        "duplicate-edge",
        "duplicate-id",
        "duplicate-id",
        "edge-to-nowhere",
        "edge-to-nowhere",
        "type",
        "type",
        "unknown-member",
    ]


def test_a_file_of_nothing_but_faults_ends_its_list() -> None:
    document = {**_document(), "edges": [0] * 200_000}
    problems = _problems(json.dumps(document))
    assert len(problems) == 1_001
    assert problems[-1] == "too-many-faults: There are more than 1,000 faults; the others are not listed."


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_json_value_raises_anything_but_unreadable(value: object) -> None:
    document = _document()
    for member in ("name", "parameters", "nodes", "edges", "frames", "notes"):
        try:
            decode({**document, member: value})
        except FlowUnreadable as unreadable:
            assert unreadable.problems  # noqa: PT017


@given(st.text() | st.binary())
def test_no_text_raises_anything_but_unreadable(text: str | bytes) -> None:
    with pytest.raises(FlowUnreadable):
        loads(text)


def test_ten_thousand_blocks_are_written_and_read_in_a_moment() -> None:
    nodes = {f"n{number}": Node(f"n{number}", "sma", label="Average") for number in range(10_000)}
    edges = [Edge(Port(f"n{number}", "value"), Port(f"n{number + 1}", "price")) for number in range(9_999)]
    flow = LogicFlow(frozen_mapping(nodes), tuple(sorted(edges)))
    began = time.process_time()
    assert loads(dumps(flow)) == flow
    assert time.process_time() - began < 5  # about 0.3 s; a quadratic reader takes minutes


@given(flows())
def test_wires_of_a_file_are_sorted_whatever_their_order_there(flow: LogicFlow) -> None:
    document = encode(flow)
    wires = document["edges"]
    assert isinstance(wires, list)
    assert decode({**document, "edges": wires[::-1]}) == flow
