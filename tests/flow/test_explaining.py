"""The logic in plain English says what the picture does, whatever the picture."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from builder_app.flow.codec import loads
from builder_app.flow.edits import apply
from builder_app.flow.explaining import DEFAULT_SIZE, explain, explain_block
from builder_app.flow.grouping import group_nodes
from builder_app.flow.phrases import LONGEST_INSIDE
from builder_app.flow.roles import ENTRIES, rule_words
from builder_app.flow.values import LogicFlow, ParameterReference, StrategyParameter, frozen_mapping
from tests.codegen.flows import CATALOGUE, flow, node, well_typed_flows

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


def _example(name: str) -> LogicFlow:
    return loads((EXAMPLES / f"{name}.flow.json").read_text(encoding="utf-8"))


def _buying(*wires: str, **parameters: StrategyParameter) -> LogicFlow:
    """Buys on whatever is wired into `buy.condition`, out of two conditions, an average and a sum."""
    nodes = [
        node("prices", "prices"),
        node("average", "sma", period=ParameterReference("period") if parameters else 20),
        node("sum", "add", number=2.0),
        node("high", "greater_than", level=10.0),
        node("low", "less_than", level=5.0),
        node("both", "all_of"),
        node("either", "any_of"),
        node("buy", "enter_long"),
    ]
    return flow("Buying", nodes, list(wires), parameters)


def test_the_crossover_reads_as_a_strategist_would_tell_it() -> None:
    assert explain(_example("moving_average_crossover"), CATALOGUE).sentences == (
        "Buy when the 10-bar average of the close crosses above the 30-bar average of the close.",
        "Sell when the 10-bar average of the close crosses below the 30-bar average of the close.",
        "Each position takes 20 % of equity.",
        "It is also left at a stop 5 % from the entry price, whichever comes first.",
        "Hold at most 5 positions at once.",
    )


def test_a_strategy_that_never_enters_says_nothing() -> None:
    assert explain(flow("Idle", [node("average", "sma")], []), CATALOGUE).text == ""


def test_a_signal_without_a_size_says_the_default_size() -> None:
    told = explain(_buying("prices.close > high.a", "high.result > buy.condition"), CATALOGUE)
    assert told.sentences == ("Buy when the close is above 10.", DEFAULT_SIZE)


def test_or_inside_and_stands_in_parentheses_so_that_it_cannot_be_misread() -> None:
    wires = ("prices.close > high.a", "prices.open > low.a", "high.result > either.conditions")
    more = ("low.result > either.conditions", "either.result > both.conditions", "high.result > both.conditions")
    told = explain(_buying(*wires, *more, "both.result > buy.condition"), CATALOGUE)
    assert told.sentences[0] == "Buy when (the close is above 10 or the open is below 5) and the close is above 10."


def test_a_sum_stands_in_parentheses_inside_a_comparison() -> None:
    told = explain(_buying("prices.close > sum.a", "sum.value > high.a", "high.result > buy.condition"), CATALOGUE)
    assert told.sentences[0] == "Buy when (the close plus 2) is above 10."


def test_a_strategy_parameter_is_told_by_its_value() -> None:
    wires = ("average.value > high.a", "high.result > buy.condition")
    told = explain(_buying(*wires, period=StrategyParameter(12)), CATALOGUE)
    assert told.sentences[0] == "Buy when the 12-bar average of the close is above 10."


def test_muted_blocks_are_left_out() -> None:
    picture = _example("moving_average_crossover")
    muted = frozen_mapping((id, replace(each, muted=id == "stop")) for id, each in picture.nodes.items())
    picture = replace(picture, nodes=muted)
    assert "stop" not in explain(picture, CATALOGUE).text
    assert explain_block(picture, CATALOGUE, "stop").startswith("The block is muted")


def test_a_phrase_too_long_to_stand_inside_is_told_once_by_itself() -> None:
    nodes = [
        node("prices", "prices"),
        *(node(f"n{step}", "add", label=f"Sum {step}", number=1.0) for step in range(40)),
    ]
    wires = ["prices.close > n0.a", *(f"n{step}.value > n{step + 1}.a" for step in range(39))]
    nodes += [node("high", "greater_than", level=10.0), node("buy", "enter_long")]
    told = explain(flow("Long", nodes, [*wires, "n39.value > high.a", "high.result > buy.condition"]), CATALOGUE)
    named = [sentence for sentence in told.sentences if sentence.startswith("Here “")]
    assert named
    assert len(set(named)) == len(named)
    assert max(map(len, told.sentences)) < 3 * LONGEST_INSIDE


@pytest.mark.parametrize(
    ("id", "sentence"),
    [
        ("golden_cross", "True when the 10-bar average of the close crosses above the 30-bar average of the close."),
        ("fast_average", "The 10-bar average of the close."),
        ("size", "Each position takes 20 % of equity."),
        ("stop", "The position is left at a stop 5 % from the entry price."),
        ("nowhere", ""),
    ],
)
def test_each_block_says_what_it_is(id: str, sentence: str) -> None:
    assert explain_block(_example("moving_average_crossover"), CATALOGUE, id) == sentence


@settings(max_examples=60)
@given(well_typed_flows())
def test_every_rule_of_any_strategy_is_told_in_sentences_of_bounded_length(picture: LogicFlow) -> None:
    told = explain(picture, CATALOGUE)
    entries = [
        id for id, each in picture.nodes.items() if rule_words(CATALOGUE.templates[each.template]) & ENTRIES.keys()
    ]
    said = [sentence for sentence in told.sentences if "uy when" in sentence or "ell short when" in sentence]
    assert len(said) >= len(entries) > 0
    assert all(sentence.endswith((".", "!", "?")) for sentence in told.sentences)
    longest = max(len(each.label) for each in picture.nodes.values())
    assert max(map(len, told.sentences)) < 20 * (LONGEST_INSIDE + longest)
    for id in picture.nodes:
        assert explain_block(picture, CATALOGUE, id)


def test_every_block_that_comes_with_the_program_has_a_phrase_of_its_own_or_a_plain_one() -> None:
    for name, template in CATALOGUE.templates.items():
        said = explain_block(flow("One", [node("block", name)], []), CATALOGUE, "block")
        assert said.endswith("."), name
        unknown = {place for port in template.phrases for place in [port] if template.output_port(port) is None}
        assert not unknown, f"{name} has a phrase for an output that it has not: {unknown}"


def test_a_group_is_told_as_what_is_inside_it() -> None:
    picture = _example("moving_average_crossover")
    grouped, _ = apply(picture, group_nodes(picture, CATALOGUE, {"fast_average", "slow_average", "golden_cross"}))
    (instance,) = (id for id, each in grouped.nodes.items() if each.template.startswith("group:"))
    assert explain(grouped, CATALOGUE).sentences[0] == explain(picture, CATALOGUE).sentences[0]
    assert "the 10-bar average of the close crosses above the 30-bar average" in explain_block(
        grouped, CATALOGUE, instance
    )
