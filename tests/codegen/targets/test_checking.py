"""A text for another engine taken apart: the strategy runs alone, and its adapter reads whatever RULES asks for."""

from typing import Any

import pytest

from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.checking import never_read, strategy_of
from tests.codegen.targets.pictures import crossover
from tests.codegen.targets.real_runs import program_for
from tests.codegen.targets.test_assembly import ALL, written


def names_in(source: str) -> dict[str, Any]:
    """What the text defines when it is run."""
    names: dict[str, Any] = {"__name__": "strategy"}
    exec(source, names)
    return names


@pytest.mark.parametrize("target", TARGETS)
def test_the_strategy_in_every_text_runs_where_the_engine_is_not_installed_and_is_read_whole(target: str) -> None:
    compared = 0
    for make in ALL.values():
        program = written(target, make())
        if program is not None:
            strategy = strategy_of(program.source, target)
            names = names_in(strategy)
            assert callable(names["signals"])
            assert names["RULES"] == names_in(program_for("standalone", make()).source)["RULES"]
            assert never_read(program.source, target, names["RULES"]) == ()
            lines = zip(strategy.split("\n"), program.source.split("\n"), strict=False)
            assert all(mine in ("", whole) for mine, whole in lines), "each line stands where it stood"
            compared += 1
    assert compared > 1


def test_a_standalone_text_is_its_own_strategy() -> None:
    source = program_for("standalone", crossover()).source
    assert strategy_of(source, "standalone") == source
    assert never_read(source, "standalone", names_in(source)["RULES"]) == ()


@pytest.mark.parametrize(
    ("asked", "told"),
    [("time_stop", "'Same volatility', time stop: "), ("long_exit", "'Same volatility', long exit: ")],
)
def test_what_an_adapter_leaves_out_is_said_with_the_block(asked: str, told: str) -> None:
    source = program_for("backtrader", ALL["twenty_bars"]()).source
    rules = names_in(strategy_of(source, "backtrader"))["RULES"]
    end = source.index("LEG = RULES")
    forgetful = source[:end] + source[end:].replace(f'"{asked}"', '"something"')
    (sentence,) = never_read(forgetful, "backtrader", rules)
    assert sentence == f"{told}what stands behind the strategy for backtrader never reads it."


def test_a_limit_that_an_adapter_leaves_out_is_said() -> None:
    source = program_for("backtrader", ALL["at_most_two"]()).source
    rules = names_in(strategy_of(source, "backtrader"))["RULES"]
    end = source.index("LEG = RULES")
    forgetful = source[:end] + source[end:].replace('"maximum_positions"', '"most"')
    (sentence,) = never_read(forgetful, "backtrader", rules)
    assert sentence.startswith("'Portfolio', maximum positions: ")
