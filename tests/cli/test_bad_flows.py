"""Flow files that cannot be tested: each gives sentences that say what, where and what to do, and changes nothing."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from builder_app.flow.limits import MAXIMUM_BYTES
from tests.cli.terminal import Terminal, crossover, everything_in, with_parameters

Content = str | bytes | Mapping[str, Any]


def newer() -> Content:
    return crossover(version=2)


def cyclic() -> Content:
    document = copy.deepcopy(crossover())
    document["nodes"] += [{"id": "one", "template": "not", "label": "One"}, {"id": "other", "template": "not"}]
    for source, target in (("one", "other"), ("other", "one")):
        wire = {"source": {"node": source, "port": "result"}, "target": {"node": target, "port": "condition"}}
        document["edges"].append(wire)
    return document


def wrongly_wired() -> Content:
    document = copy.deepcopy(crossover())
    wire = {"source": {"node": "prices", "port": "close"}, "target": {"node": "enter", "port": "condition"}}
    document["edges"] = [edge for edge in document["edges"] if edge["target"]["node"] != "enter"] + [wire]
    return document


def wrongly_shaped() -> Content:
    return crossover(nodes={"fast": "sma"})


def unknown_template() -> Content:
    document = copy.deepcopy(crossover())
    document["nodes"][0]["template"] = "crystal_ball"
    return document


def missing_strategy_parameter() -> Content:
    return crossover(parameters={})


def missing_parameter() -> Content:
    document = copy.deepcopy(crossover())
    document["nodes"].append({"id": "formula", "template": "custom_condition", "label": "Formula"})
    wire = {"source": {"node": "formula", "port": "result"}, "target": {"node": "enter", "port": "condition"}}
    document["edges"] = [edge for edge in document["edges"] if edge["target"]["node"] != "enter"] + [wire]
    document["nodes"][-1]["parameters"] = {"expression": ""}
    return document


def out_of_range() -> Content:
    return with_parameters("fast_average", {"period": 201})


def wrong_kind_of_parameter() -> Content:
    return with_parameters("fast_average", {"period": "ten"})


def unknown_parameter() -> Content:
    return with_parameters("fast_average", {"perod": 10})


def no_entry() -> Content:
    document = copy.deepcopy(crossover())
    document["nodes"] = [node for node in document["nodes"] if node["id"] in ("prices", "fast_average")]
    document["edges"] = [
        edge
        for edge in document["edges"]
        if edge["source"]["node"] == "prices" and edge["target"]["node"] == "fast_average"
    ]
    return document


def sensitive_in_use() -> Content:
    return crossover(
        parameters={"fast_period": {"value": 87, "x-sensitive": True}, "slow_period": {"value": 30}},
    )


BAD: list[tuple[Callable[[], Content], list[str]]] = [
    (lambda: '{"format": "logic-flow", ', ["not JSON", "line 1", "Mend"]),
    (lambda: "", ["not JSON", "line 1"]),
    (lambda: "\x00\x01\x02", ["not JSON", "line 1"]),
    (lambda: "name: flow".encode("utf-16"), ["UTF-8", "byte 1", "Save it as UTF-8"]),
    (lambda: b'{"format": "\xff"}', ["UTF-8", "byte 13"]),
    (lambda: "[1, 2]", ["JSON object", "right file"]),
    (lambda: '{"format": "picture"}', ["$.format", "picture", "logic-flow"]),
    (lambda: "[" * 100_000, ["64 levels deep"]),
    (lambda: '{"format": "logic-flow", "version": 1, "nodes": [], "edges": [], "name": 1e999}', ["$.name"]),
    (lambda: b" " * (MAXIMUM_BYTES + 1), ["20 MB", "right file"]),
    (newer, ["newer version", "$.version", "Update the program"]),
    (cyclic, ["in a circle", "'One'", "Take one of these wires out"]),
    (wrongly_wired, ["Prices", "Enter long"]),
    (wrongly_shaped, ["$.nodes"]),
    (unknown_template, ["crystal_ball", "Fast crosses below slow", "replace the block"]),
    (missing_strategy_parameter, ["fast_period", "Fast average", "does not exist", "Define it"]),
    (missing_parameter, ["Formula"]),
    (out_of_range, ["Fast average", "201", "between 1 and 200"]),
    (wrong_kind_of_parameter, ["Fast average", "ten"]),
    (unknown_parameter, ["Fast average", "perod"]),
    (no_entry, ["entry"]),
    (sensitive_in_use, ["Fast average", "sensitive"]),
]
NAMES = [
    "broken", "empty", "binary", "utf-16", "not-utf-8", "list", "other-format", "deep", "infinite", "huge", "newer",
    "cyclic", "wrongly-wired", "wrongly-shaped", "unknown-template", "missing-strategy-parameter", "missing-parameter",
    "out-of-range", "wrong-kind", "unknown-parameter", "no-entry", "sensitive",
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), BAD, ids=NAMES)
def test_bad_flow_is_refused_with_sentences_and_nothing_is_written(
    terminal: Terminal, content: Callable[[], Content], words: list[str]
) -> None:
    terminal.file("drawn.flow.json", content())
    before = everything_in(terminal.folder)
    answers = [
        terminal("run", "drawn.flow.json"),
        terminal("generate", "drawn.flow.json", "-o", "made"),
        terminal("export", "drawn.flow.json", "-o", "given/away"),
    ]
    for answer in answers:
        assert answer.code == 1
        assert answer.out == ""
        lines = answer.err.splitlines()
        assert all(line.startswith("drawn.flow.json: ") for line in lines)
        assert any(line.startswith("drawn.flow.json: error:") for line in lines)
        assert all(word in answer.err for word in words), answer.err
        assert all(line.endswith((".", "?")) for line in lines)
        assert "fault of Strategy Builder" not in answer.err
    assert everything_in(terminal.folder) == before
    assert not (terminal.folder / "made").exists()
    assert not (terminal.folder / "given").exists()


@pytest.mark.parametrize("content", [content for content, _ in BAD], ids=NAMES)
def test_bad_flow_is_one_json_document_where_json_was_asked_for(
    terminal: Terminal, content: Callable[[], Content]
) -> None:
    terminal.file("drawn.flow.json", content())
    for command in (("run",), ("generate", "-o", "made"), ("export", "-o", "given")):
        answer = terminal(command[0], "drawn.flow.json", *command[1:], "--json")
        assert answer.code == 1
        assert answer.err == ""
        problems = answer.document["problems"]
        worst = [problem for problem in problems if problem["severity"] == "error"]
        assert worst
        assert all(problem["rule"] and problem["message"] for problem in problems)
        assert "metrics" not in answer.document


def test_folder_in_place_of_a_flow_is_said(terminal: Terminal) -> None:
    (terminal.folder / "drawn").mkdir()
    answer = terminal("run", "drawn")
    assert answer.code == 1
    assert answer.err == "error: 'drawn' is a folder. Name a file.\n"


def test_missing_flow_file_is_said(terminal: Terminal) -> None:
    answer = terminal("run", "nowhere/drawn.flow.json")
    assert answer.code == 1
    assert "There is no file or folder 'nowhere/drawn.flow.json'" in answer.err


def test_misspelt_example_is_guessed(terminal: Terminal) -> None:
    answer = terminal("run", "rsi_reversl")
    assert answer.code == 1
    assert "Did you mean 'rsi_reversal'?" in answer.err


def test_name_unlike_any_example_lists_them(terminal: Terminal) -> None:
    answer = terminal("generate", "zzz", "-o", "made", "--json")
    assert answer.code == 1
    (problem,) = answer.document["problems"]
    assert all(name in problem["message"] for name in ("bollinger_long_short", "moving_average_crossover", "rsi_2"))


def test_no_message_tells_a_sensitive_value(terminal: Terminal) -> None:
    parameters = {"fast_period": {"value": 876543, "maximum": 9, "x-sensitive": True}, "slow_period": {"value": 30}}
    path = terminal.file("drawn.flow.json", crossover(parameters=parameters))
    for answer in (terminal("run", path), terminal("run", path, "--json"), terminal("generate", path, "-o", "made")):
        assert answer.code == 1
        assert "876543" not in answer.out + answer.err


def test_every_problem_of_a_flow_is_said_at_once(terminal: Terminal) -> None:
    document = copy.deepcopy(crossover(parameters={}))
    document["nodes"][0]["template"] = "crystal_ball"
    answer = terminal("run", terminal.file("drawn.flow.json", document))
    assert answer.err.count("error:") >= 3
