"""Every target's file is run for real, in an environment of its own, and its trades are those of the quick test.

What must be equal follows from what the target says: with a set-up of every cost that it keeps, on all five sample
symbols where they share the cash, else on one. Where a target says that its levels behave differently, the trades
that differ must have ended, or begun, at a level; every other one is equal.

backtesting.py runs in the normal run where its environment is there already; the long run installs all of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.capability import Target, Verdict
from builder_app.codegen.targets.uses import uses_of
from builder_app.flow.values import LogicFlow
from builder_app.nodes import validate_parameters
from builder_app.quicktest.request import TestConfig
from builder_app.session.runs.config_codec import config_from_json, config_to_json
from tests.codegen.flows import CATALOGUE
from tests.codegen.targets.pictures import PICTURES, SAMPLE_SYMBOLS
from tests.codegen.targets.real_runs import (
    FREE,
    Fill,
    assert_equal,
    environment_of,
    program_for,
    quick_trades,
    target_trades,
)

COSTS = {"commission_rate": 0.002, "slippage": 0.001, "minimum_commission": 20.0, "sell_tax_rate": 0.001}
LEVEL_REASONS = ("stop", "trailing stop", "break even", "target")
EXACT = {"freqtrade": 1e-8, "qlib": 1e-6, "nautilus_trader": 1e-8}
"""How exactly prices agree where a target says that they are rounded; 1e-9 elsewhere."""
NORMAL = ("stop_and_target", "both_ways_with_stop", "quarter_of_equity")
MATRIX = [(target, picture) for target in TARGETS for picture in PICTURES]


def used_rules(flow: LogicFlow) -> tuple[str, ...]:
    """The rules of the flow that the standalone text of a picture asks for."""
    program = program_for("standalone", flow)
    lines = list(zip(program.source.split("\n"), (*program.lines, ()), strict=True))
    return tuple(uses_of(lines))


def set_up_for(target: Target) -> TestConfig:
    """Every cost that the target keeps as the quick test does; whole shares where it trades no others."""
    costs = {name: cost for name, cost in COSTS.items() if target.says[name].verdict is Verdict.EQUAL}
    whole = 0.0 if target.name == "freqtrade" else 1.0
    document = config_to_json(FREE) | {"initial_capital": 100_000.0, "lot_size": whole} | costs
    return config_from_json(document)


def symbols_for(target: Target) -> Sequence[str]:
    shared = target.says["shared_cash"].verdict is Verdict.EQUAL
    return SAMPLE_SYMBOLS if shared else ("AAPL",)


def levels_differ(target: Target, rules: Sequence[str]) -> bool:
    """Whether the target says that the levels of such a flow behave differently."""
    about = ("entry_bar", "gap_through_level", *(rule for rule in rules if rule.startswith("trailing")))
    return has_levels(rules) and any(target.says[rule].verdict is Verdict.DIFFERS for rule in about)


def has_levels(rules: Sequence[str]) -> bool:
    return any(rule.startswith(("stop_", "trailing", "target", "break_even")) for rule in rules)


def assert_only_levels_differ(
    mine: Sequence[Fill], theirs: Sequence[Fill], share: float, reasons: Sequence[str] = LEVEL_REASONS
) -> None:
    """Trades that ended for other reasons are equal; of the rest at most this share of all is not."""
    others = {fill.key: fill for fill in theirs}
    apart = 0
    for fill in mine:
        other = others.get(fill.key)
        same = other is not None and other.exit_time == fill.exit_time
        if same and other is not None:
            pairs = ((other.quantity, fill.quantity), (other.exit_price, fill.exit_price))
            same = all(one == pytest.approx(ours, rel=1e-6) for one, ours in pairs)
        if not same and fill.reason != "end of test":
            apart += 1
            assert fill.reason in reasons, (fill, other)
    assert len(mine) > 20
    assert apart <= len(mine) * share


def run_one(target: Target, picture: str, python: Path, folder: Path) -> None:
    flow, config, symbols = PICTURES[picture](), set_up_for(target), symbols_for(target)
    if picture == "bollinger_bands" and target.name in ("freqtrade", "vectorbt"):
        pytest.skip("It sizes by equity and leaves at targets: where one trade differs, every later size does.")
    theirs = target_trades(python, folder / target.name, flow, symbols, config)
    mine = quick_trades(flow, symbols, config)
    rules = used_rules(flow)
    if "size_percent_of_equity" in rules and target.name == "freqtrade":  # it says that its sizes differ
        theirs = [replace(other, quantity=fill.quantity) for fill, other in zip(mine, theirs, strict=True)]
    if levels_differ(target, rules):
        turns = "both_ways" in rules and target.says["both_ways"].verdict is Verdict.DIFFERS
        assert_only_levels_differ(mine, theirs, 0.2, (*LEVEL_REASONS, "signal") if turns else LEVEL_REASONS)
    elif has_levels(rules) and target.says["exact_prices"].verdict is Verdict.DIFFERS:
        assert_only_levels_differ(mine, theirs, 0.02)  # a rounded level ties with a price, or does not
    else:
        assert len(mine) > 20
        assert_equal(mine, theirs, EXACT.get(target.name, 1e-9))


@pytest.mark.parametrize("picture", NORMAL)
def test_backtesting_trades_as_the_quick_test(picture: str, tmp_path: Path) -> None:
    python = environment_of("backtesting", installed_only=True)
    run_one(TARGETS["backtesting"], picture, python, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("target", "picture"), MATRIX)
def test_every_target_trades_as_the_quick_test_or_refuses_by_name(target: str, picture: str, tmp_path: Path) -> None:
    flow, known = PICTURES[picture](), TARGETS[target]
    refused = [rule for rule in used_rules(flow) if known.refuses(rule)]
    if refused:
        outcome = compile_flow(flow, CATALOGUE, target, validate_parameters)
        assert isinstance(outcome, tuple)
        assert len(outcome) == len(refused)
        assert all(problem.node in flow.nodes and known.title in problem.message for problem in outcome)
        return
    run_one(known, picture, environment_of(target), tmp_path)
