"""Code for a picture, made once and not again."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Secret, StrategyParameter, frozen_mapping
from builder_app.session.code import generating
from builder_app.session.code.generating import generate
from tests.codegen.flows import CATALOGUE, flow, node


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Nothing is known from the test before, nor left to the next."""
    generating._latest.clear()
    yield
    generating._latest.clear()


def picture(period: float = 10) -> LogicFlow:
    """A small strategy."""
    nodes = [node("mean", "sma", period=period), node("above", "greater_than", level=50.0), node("buy", "enter_long")]
    return flow("Small", nodes, ["mean.value > above.a", "above.result > buy.condition"])


def test_the_same_picture_is_not_worked_out_again() -> None:
    small = picture()
    first = generate(small, CATALOGUE)
    assert first.program is not None
    assert generate(small, CATALOGUE) is first


def test_another_picture_other_blocks_or_another_target_are_worked_out() -> None:
    small = picture()
    first = generate(small, CATALOGUE)
    longer = generate(picture(11), CATALOGUE)
    assert longer.program is not None
    assert "timeperiod=11" in longer.program.source
    changed = replace(CATALOGUE.templates["sma"], outputs=frozen_mapping({"value": "ta.WMA(price, timeperiod=period)"}))
    others = Catalogue(frozen_mapping({**CATALOGUE.templates, "sma": changed}))
    weighted = generate(small, others)
    assert weighted.program is not None
    assert "ta.WMA" in weighted.program.source
    assert generate(small, CATALOGUE, "nowhere").program is None
    again = generate(small, CATALOGUE)
    assert first.program is not None
    assert again.program is not None
    assert again.program.source == first.program.source


def test_pictures_that_are_only_equal_are_not_taken_for_the_same() -> None:
    """1 and 1.0 are equal, and so are the pictures that hold them; what functions make of them is not."""
    whole, real = picture(10), picture(10.0)
    assert whole == real
    assert generate(whole, CATALOGUE) is not generate(real, CATALOGUE)


def test_a_picture_with_secrets_is_not_kept() -> None:
    held = replace(picture(), parameters=frozen_mapping({"key": StrategyParameter(Secret("canary"))}))
    generate(held, CATALOGUE)
    assert not generating._latest
