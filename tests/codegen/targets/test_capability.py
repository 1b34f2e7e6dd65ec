"""What each target says of each rule, as data: whole, in sentences, and shown in the README as it is."""

import pytest

from builder_app.codegen.targets.all_targets import EMITTERS, TARGETS
from builder_app.codegen.targets.assembly import ADAPTERS
from builder_app.codegen.targets.capability import LEVELS, RULES, Target, Verdict
from builder_app.codegen.targets.table import BEGIN, END, table
from builder_app.codegen.targets.uses import _EXITS
from builder_app.quicktest.engine.rules import EXIT_KINDS, SIZE_KINDS
from tests.environments import CHECKOUT


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_every_target_answers_for_every_rule_and_for_no_other(target: Target) -> None:
    assert set(target.says) == set(RULES)
    for name, said in target.says.items():
        assert (said.because == "") == (said.verdict is Verdict.EQUAL), name
        assert not said.because.endswith("."), name


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_every_piece_of_an_adapter_is_there(target: Target) -> None:
    assert all((ADAPTERS / f"{piece}.txt").is_file() for piece in target.pieces)


def test_every_piece_belongs_to_a_target() -> None:
    used = {piece for target in TARGETS.values() for piece in target.pieces} | {"settings"}
    assert {path.stem for path in ADAPTERS.glob("*.txt")} == used


def test_every_size_and_exit_of_the_engine_is_a_rule_of_the_table() -> None:
    assert {f"size_{kind}" for kind in SIZE_KINDS} <= set(RULES)
    assert {kind for kind, _ in _EXITS} | {"break_even"} == set(EXIT_KINDS) | {"time_stop"}
    assert set(_EXITS.values()) <= set(RULES)
    assert set(LEVELS) <= set(RULES)


def test_the_standalone_text_is_offered_first() -> None:
    assert next(iter(EMITTERS)) == "standalone"
    assert list(EMITTERS)[1:] == list(TARGETS)


def test_the_table_in_the_readme_is_what_the_targets_say() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    if BEGIN not in readme:
        pytest.skip("The README has no table of targets yet.")
    shown = readme[readme.index(BEGIN) : readme.index(END) + len(END)] + "\n"
    assert shown == table(), "Run python -m builder_app.codegen.targets.table and put what it prints there."
