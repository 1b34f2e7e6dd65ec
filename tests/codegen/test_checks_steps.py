"""The allow-list scan of texts in steps: only the known steps, in their order, with what each may see."""

import pytest

from builder_app.codegen.checks import check_program
from builder_app.codegen.program import ValidationStatus
from tests.codegen.flows import compiled
from tests.codegen.test_panels import factors

GOOD = compiled(factors()).source
STEPS = "STEPS = (measures, across, measures_2, across_2, signals)"
FACTOR = "    factor = momentum_score - volatility_score\n"
COMPARED = '    best_two = top_across(factor, 2, "week", market)\n'

CHANGES = {
    "no steps": (STEPS, "x = 1"),
    "steps left out": (STEPS, ""),
    "a step left out": (STEPS, "STEPS = (measures, across, signals)"),
    "another order": (STEPS, "STEPS = (measures, across, measures_2, signals, across_2)"),
    "a stranger among the steps": (STEPS, "STEPS = (measures, across, measures_2, across_2, print)"),
    "steps twice": (STEPS, f"{STEPS}\n{STEPS}"),
    "steps by a call": (STEPS, "STEPS = tuple((measures, across))"),
    "another guard": ("run(STEPS, RULES, read_prices)", "run(signals, RULES, read_prices)"),
    "another name": ("def across_2(", "def across_3("),
    "another head": ("market: object) -> dict", "market: object = open('x')) -> dict"),
    "a default": ("earlier: dict[str, np.ndarray]\n)", "earlier: dict[str, np.ndarray] = RULES\n)"),
    "the market for one symbol": (FACTOR, FACTOR + "    x = market.benchmark\n"),
    "the market as a value": (FACTOR, FACTOR + "    x = market\n"),
    "prices across symbols": (COMPARED, COMPARED + '    x = prices["close"]\n'),
    "an attribute of the market": (COMPARED, COMPARED + "    x = market.times\n"),
    "an attribute of what came earlier": (FACTOR, FACTOR + "    x = earlier.__class__\n"),
    "what came earlier as a whole": (FACTOR, FACTOR + "    x = earlier\n"),
    "what came earlier by a name": (FACTOR, FACTOR + "    x = earlier[factor]\n"),
    "a text where a number belongs": (COMPARED, COMPARED.replace("2", '"x"').replace("top_across", "is_above")),
    "writing into what came earlier": (FACTOR, FACTOR + '    earlier["x"] = factor\n'),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_changes_of_steps_are_found(change: str) -> None:
    old, new = CHANGES[change]
    assert old in GOOD
    assert check_program(GOOD.replace(old, new, 1)).status is ValidationStatus.SECURITY_ERROR


def test_the_first_step_knows_nothing_of_earlier_ones() -> None:
    old = '    close = prices["close"]\n'
    changed = GOOD.replace(old, old + '    x = earlier["close"]\n', 1)
    assert check_program(changed).status is ValidationStatus.SECURITY_ERROR


def test_text_in_steps_is_accepted() -> None:
    assert check_program(GOOD).status is ValidationStatus.VALID
