"""Typing finds blocks as a strategist would expect."""

import pytest

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import NodeType
from builder_app.ui.palette.matching import ranked
from tests.shipped import shipped_catalogue

TEMPLATES = tuple(shipped_catalogue().templates.values())


def test_preferred_blocks_come_first_where_they_match_as_well_and_nowhere_else() -> None:
    everything = [template.name for template in ranked("", TEMPLATES, ("atr", "sma"))]
    assert everything[:2] == ["atr", "sma"]
    assert sorted(everything) == sorted(found(""))
    assert ranked("sma", TEMPLATES, ("ema",))[0].name == "sma"


def found(query: str) -> list[str]:
    return [template.name for template in ranked(query, TEMPLATES)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sma", "sma"),
        ("SMA", "sma"),
        ("rsi", "rsi"),
        ("simple mov", "sma"),
        ("bollinger", "bollinger_bands"),
        ("bolinger", "bollinger_bands"),
        ("golden cross", "crosses_above"),
        ("trailing", "trailing_stop"),
        ("buy", "enter_long"),
        ("ema", "ema"),
        ("mac", "macd"),
        ("prices", "prices"),
    ],
)
def test_best_match_comes_first(query: str, first: str) -> None:
    assert found(query)[0] == first


def test_type_finds_all_blocks_of_it() -> None:
    stops = {template.name for template in TEMPLATES if template.node_type == "STOP_LOSS"}
    assert stops <= set(found("stops"))
    assert stops <= set(found("stop loss"))


def test_every_word_must_match() -> None:
    assert found("moving zebra") == []
    assert "trailing_stop" in found("stop trail")


@pytest.mark.parametrize(
    "names", [TEMPLATES[::5], pytest.param(TEMPLATES, marks=pytest.mark.long)], ids=["some", "all"]
)
def test_every_name_finds_its_own_block_first(names: tuple[NodeTemplate, ...]) -> None:
    for template in names:
        assert found(template.display_name)[0] == template.name


def test_nothing_typed_offers_all_by_type() -> None:
    names = found("  ")
    assert len(names) == len(TEMPLATES)
    types = [template.node_type for template in ranked("", TEMPLATES)]
    assert types == sorted(types, key=list(NodeType).index)


def test_nonsense_finds_nothing() -> None:
    assert found("qqqq") == []
    assert found("x9z") == []
