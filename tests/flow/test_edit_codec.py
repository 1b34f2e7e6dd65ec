"""The journal's form of edits."""

import json

import pytest
from hypothesis import given

from builder_app.flow.edit_codec import FlowUnreadable, edit_from_json, edit_to_json
from builder_app.flow.edit_kinds import Batch, Edit, Mute, SetParameter
from tests.flow.strategies import edits


@given(edits)
def test_every_edit_survives_the_way_through_json_text(edit: Edit) -> None:
    text = json.dumps(edit_to_json(edit), allow_nan=False)
    back = edit_from_json(json.loads(text))
    assert back == edit
    assert json.dumps(edit_to_json(back)) == text


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "At $ there must be an edit, but there was null."),
        ([], "At $ there must be an edit, but there was a list."),
        ({"edit": "teleport"}, "At $ there must be an edit, but there was the text 'teleport'."),
        ({"edit": ["mute"]}, "At $ there must be an edit, but there was a list."),
        ({"edit": "mute", "node": "a"}, "At $ the member 'muted' is missing."),
        ({"edit": "mute", "node": "a", "muted": 1}, "At $.muted there must be true or false, but there was"),
        ({"edit": "batch", "title": "", "edits": [{"edit": "x"}]}, "At $.edits[0] there must be an edit"),
        (
            {"edit": "set_parameter", "node": "a", "name": "p", "value": float("nan"), "is_set": True},
            "The number at $.value is not finite",
        ),
        ({"edit": "move_nodes", "positions": {"a": [1, 2]}}, "At $.positions.a there must be an object"),
    ],
)
def test_a_broken_edit_is_refused_with_its_place(value: object, sentence: str) -> None:
    with pytest.raises(FlowUnreadable) as caught:
        edit_from_json(value)
    assert caught.value.problems[0].message.startswith(sentence)
    assert caught.value.problems[0].hint


def test_all_faults_of_a_batch_are_told_at_once() -> None:
    parts = [edit_to_json(Mute("a", True)), {"edit": "mute"}, edit_to_json(SetParameter("a", "b", 1)), {"edit": 3}]
    with pytest.raises(FlowUnreadable) as caught:
        edit_from_json({"edit": "batch", "title": "", "edits": parts})
    places = [problem.message.split()[1] for problem in caught.value.problems]
    assert places == ["$.edits[1]", "$.edits[1]", "$.edits[3]"]


def test_batches_within_batches_have_an_end() -> None:
    edit: Edit = Mute("a", True)
    for _ in range(40):
        edit = Batch((edit,))
    with pytest.raises(FlowUnreadable, match="64 levels"):
        edit_from_json(edit_to_json(edit))
