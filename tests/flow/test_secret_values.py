"""A secret never shows: not in words, not in JSON, not in titles, not in lines on the canvas, not on the clipboard."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow import clipboard
from builder_app.flow.codec import dumps, encode, loads
from builder_app.flow.edit_codec import edit_from_json, edit_to_json
from builder_app.flow.edits import AddNode, Batch, Edit, SetParameter, SetStrategyParameter, apply
from builder_app.flow.history_titles import describe
from builder_app.flow.rules import check
from builder_app.flow.secret_values import Place, edit_with_secrets, guarded, guarded_edit, secrets_in, with_secrets
from builder_app.flow.summary import parameter_line
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import (
    Formula,
    Json,
    Literal,
    LogicFlow,
    Node,
    NodeType,
    ParameterReference,
    ParameterValue,
    Point,
    Secret,
    StrategyParameter,
    frozen_mapping,
)

CANARY = "canary-7f3a9"
SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {
        "password": {"type": "string", "title": "Password", "x-sensitive": True},
        "open": {"type": "string", "title": "Open", "x-sensitive": False},
    },
}
FEED = NodeTemplate("feed", "Feed", NodeType.CUSTOM, "Feeds", parameter_schema=frozen_mapping(SCHEMA))
CATALOGUE = Catalogue(frozen_mapping({"feed": FEED}))


def feed(value: ParameterValue, id: str = "feed") -> Node:
    return Node(id, "feed", parameters=frozen_mapping({"password": value, "open": "seen"}))


FLOW = LogicFlow(
    nodes=frozen_mapping({"feed": feed(Secret(CANARY))}),
    parameters=frozen_mapping({"key": StrategyParameter(Secret(CANARY)), "fast": StrategyParameter(3)}),
)
EDITS: tuple[Edit, ...] = (
    AddNode(feed(Secret(CANARY), "other")),
    SetParameter("feed", "password", Secret(CANARY)),
    SetStrategyParameter("key", StrategyParameter(Secret(CANARY))),
    SetStrategyParameter("key", StrategyParameter(CANARY, sensitive=True)),
    Batch((SetParameter("feed", "password", Secret(CANARY)), Batch((AddNode(feed(Secret(CANARY), "o")),)))),
)


def test_a_secret_prints_as_dots_however_it_is_printed() -> None:
    for value in (Secret(CANARY), Secret(123456), FLOW, FLOW.nodes["feed"], FLOW.parameters["key"], EDITS):
        for said in (str(value), repr(value), f"{value}", f"{value!r:>40}", "%s" % (value,)):  # noqa: UP031
            assert CANARY not in said
            assert "123456" not in said


def test_dots_do_not_tell_how_long_a_secret_is() -> None:
    assert str(Secret("a")) == str(Secret("a" * 50)) == "•••"


def test_an_encoded_flow_holds_no_secret_but_says_that_there_is_one() -> None:
    assert CANARY not in dumps(FLOW)
    read = loads(dumps(FLOW))
    assert [place for place, _ in secrets_in(read)] == [place for place, _ in secrets_in(FLOW)]
    assert all(not secret.is_set for _, secret in secrets_in(read))


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_tells_no_secret_in_json_or_title(edit: Edit) -> None:
    assert CANARY not in json.dumps(edit_to_json(edit))
    assert CANARY not in describe(edit, FLOW)
    inverse = apply(FLOW, edit)[1]
    assert CANARY not in json.dumps(edit_to_json(inverse))
    assert edit_from_json(edit_to_json(edit)) is not None


def test_setting_a_secret_is_titled_by_its_name_alone() -> None:
    assert describe(SetParameter("feed", "password", Secret(CANARY)), FLOW) == "Set password of Feed"


def test_copied_blocks_leave_their_secrets_behind() -> None:
    text = clipboard.copy(FLOW, ["feed"])
    assert CANARY not in text
    after = apply(FLOW, clipboard.paste(text, FLOW, Point(0, 0)))[0]
    assert after.nodes["feed_2"].parameters["password"] == Secret()
    assert after.nodes["feed_2"].parameters["open"] == "seen"


def test_the_line_under_a_title_shows_dots() -> None:
    assert parameter_line(FLOW.nodes["feed"], FEED) == "password ••• · seen"


def test_whatever_the_rules_say_they_do_not_say_the_secret() -> None:
    far_out = LogicFlow(
        nodes=frozen_mapping({"feed": feed(Secret(CANARY)), "lost": Node("lost", "gone", parameters=frozen_mapping())}),
        parameters=frozen_mapping({"key": StrategyParameter(Secret(987654), 0.0, 1.0)}),
    )
    problems = check(far_out, CATALOGUE, lambda _template, values: [(name, f"was {values[name]}") for name in values])
    assert problems
    assert CANARY not in repr(problems)
    assert "987654" not in repr(problems)


def test_what_holds_a_secret_is_sensitive_and_what_is_sensitive_holds_a_secret() -> None:
    assert StrategyParameter(Secret(1)).sensitive
    assert StrategyParameter(1, sensitive=True).value == Secret(1)
    assert not StrategyParameter(1).sensitive


def test_a_file_with_a_plain_sensitive_strategy_parameter_is_read_as_a_secret() -> None:
    document = encode(LogicFlow(parameters=frozen_mapping({"key": StrategyParameter(1)})))
    document["parameters"] = {"key": {"value": CANARY, "x-sensitive": True}}
    assert loads(json.dumps(document)).parameters["key"].value == Secret(CANARY)


def test_only_true_makes_a_parameter_sensitive() -> None:
    assert FEED.sensitive == {"password"}


@pytest.mark.parametrize("value", [CANARY, 12, True, 1.5])
def test_plain_values_in_sensitive_places_are_guarded(value: Literal) -> None:
    plain = LogicFlow(nodes=frozen_mapping({"feed": feed(value)}))
    assert guarded(plain, CATALOGUE).nodes["feed"].parameters["password"] == Secret(value)
    edit = guarded_edit(AddNode(feed(value)), LogicFlow(), CATALOGUE)
    assert edit == AddNode(feed(Secret(value)))
    assert guarded_edit(SetParameter("feed", "password", value), FLOW, CATALOGUE) == SetParameter(
        "feed",
        "password",
        Secret(value),
    )


@pytest.mark.parametrize("text", ["12345", "2 * fast", "canary 7f3a9!"])
def test_a_formula_in_a_sensitive_place_is_a_secret_itself(text: str) -> None:
    """It may hold what should not be seen, and no formula gives what is sensitive."""
    secret = Secret(Formula(text).text)
    drawn = LogicFlow(nodes=frozen_mapping({"feed": feed(Formula(text))}))
    assert guarded(drawn, CATALOGUE).nodes["feed"].parameters["password"] == secret
    edit = SetParameter("feed", "password", Formula(text))
    assert guarded_edit(edit, FLOW, CATALOGUE) == SetParameter("feed", "password", secret)


def test_a_batch_is_guarded_for_the_blocks_that_it_adds_itself() -> None:
    edit = Batch((AddNode(Node("new", "feed")), SetParameter("new", "password", CANARY)))
    after = apply(FLOW, guarded_edit(edit, FLOW, CATALOGUE))[0]
    assert after.nodes["new"].parameters["password"] == Secret(CANARY)


def test_a_block_whose_template_is_gone_keeps_its_secret_secret() -> None:
    assert guarded_edit(SetParameter("feed", "password", CANARY), FLOW, Catalogue()) == SetParameter(
        "feed", "password", Secret(CANARY)
    )


def test_what_is_guarded_already_is_left_alone() -> None:
    assert guarded(FLOW, CATALOGUE) is FLOW
    bound = LogicFlow(nodes=frozen_mapping({"feed": feed(ParameterReference("key"))}))
    assert guarded(bound, CATALOGUE) is bound


def test_secrets_are_exchanged_at_every_place_and_nothing_else_is() -> None:
    places: list[Place] = []

    def exchange(place: Place, secret: Secret) -> Secret:
        places.append(place)
        return Secret(sealed=f"sealed {secret.value}")

    changed = with_secrets(FLOW, exchange)
    assert places == [("block", "feed", "password"), ("strategy", "key")]
    assert CANARY in dumps(changed)  # the exchange wrote it there
    assert changed.nodes["feed"].parameters["open"] == "seen"
    assert changed.parameters["fast"] == StrategyParameter(3)


@given(st.sampled_from(EDITS))
def test_exchanging_secrets_of_an_edit_goes_on_as_exchanging_those_of_the_flow(edit: Edit) -> None:
    def exchange(place: Place, _secret: Secret) -> Secret:
        return Secret(" ".join(place))

    one = with_secrets(apply(FLOW, edit)[0], exchange)
    other = apply(with_secrets(FLOW, exchange), edit_with_secrets(edit, exchange))[0]
    assert one == other
