"""The text for another engine: the same strategy, an adapter with nothing in it that the strategy does not need."""

import ast
from dataclasses import fields

import pytest

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program, ValidationStatus
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.assembly import ADAPTERS, trimmed
from builder_app.codegen.targets.capability import RULES, Verdict
from builder_app.codegen.targets.checking import check_text
from builder_app.flow.values import LogicFlow
from builder_app.nodes import validate_parameters
from builder_app.quicktest.engine.settings import Settings
from builder_app.quicktest.lint import lint
from tests.codegen.flows import CATALOGUE
from tests.codegen.targets.pictures import PICTURES, crossover, with_stop_and_target
from tests.codegen.targets.real_runs import program_for
from tests.codegen.test_compile import assert_formatted
from tests.codegen.test_golden import FLOWS

ALL = {**PICTURES, **{make.__name__: make for make in FLOWS}}

LAID_OUT = (
    *("crossover", "both_ways_with_stop", "stop_and_target", "trailing_stop", "chandelier", "swing_low"),
    *("moving_average_stop", "risk_per_trade", "twenty_bars", "ten_thousand", "default_position"),
)


def written(target: str, flow: LogicFlow) -> Program | None:
    """The target's text, or None where it refuses."""
    outcome = compile_flow(flow, CATALOGUE, target, validate_parameters)
    return outcome if isinstance(outcome, Program) else None


def strategy_of(source: str) -> str:
    """PARAMETERS, RULES, helper functions and signals(), as they stand in the text."""
    tree = ast.parse(source)
    end = next(node.end_lineno for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "signals")
    names = ("PARAMETERS", "RULES")
    begin = next(
        node.lineno
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in names
    )
    return "\n".join(source.split("\n")[begin - 1 : end])


@pytest.mark.parametrize("target", TARGETS)
def test_the_strategy_is_the_same_text_in_every_target(target: str) -> None:
    compared = 0
    for make in ALL.values():
        program = written(target, make())
        if program is not None:
            assert strategy_of(program.source) == strategy_of(program_for("standalone", make()).source)
            compared += 1
    assert compared > 1


@pytest.mark.parametrize("target", TARGETS)
def test_every_text_is_valid_laid_out_and_free_of_lint(target: str) -> None:
    linted = 0
    for name in LAID_OUT:
        program = written(target, ALL[name]())
        if program is not None:
            assert check_text(program.source, target).status is ValidationStatus.VALID
            assert lint(program.source) == ()
            assert_formatted(program.source)
            linted += 1
    assert linted


@pytest.mark.parametrize("target", TARGETS)
def test_the_header_says_every_rule_that_differs_for_this_flow(target: str) -> None:
    header = " ".join((ast.get_docstring(ast.parse(program_for(target, crossover()).source)) or "").split())
    said = TARGETS[target].says
    assert TARGETS[target].title in header
    for name in ("end_of_test", "shared_cash", "slippage", "lot_size"):
        differs = said[name].verdict is Verdict.DIFFERS
        assert (" ".join(said[name].because.split()) in header if said[name].because else False) == differs
    assert RULES["entry_bar"].title not in header, "a flow without levels need not read of them"


def test_an_adapter_holds_only_what_the_flow_needs() -> None:
    plain, full = (program_for("backtrader", make()).source for make in (crossover, with_stop_and_target))
    assert "class Levels" not in plain
    assert "def rest" not in plain
    assert "class Levels" in full
    assert "trailing" not in full.replace("trailing stop", "")
    assert "#:" not in plain + full


def test_a_section_is_kept_by_any_of_its_features_and_nests() -> None:
    text = "a\n#: if x y\nb\n#: if not z\nc\n#: end\n#: end\nd"
    assert trimmed(text, frozenset({"y"})) == ["a", "b", "c", "d"]
    assert trimmed(text, frozenset({"x", "z"})) == ["a", "b", "d"]
    assert trimmed(text, frozenset()) == ["a", "d"]


def test_the_set_up_of_an_adapter_is_that_of_the_engine() -> None:
    names: dict[str, object] = {}
    exec((ADAPTERS / "settings.txt").read_text(encoding="utf-8"), names)
    defaults = Settings()
    theirs = {field.name: getattr(defaults, field.name) for field in fields(Settings)}
    assert isinstance(names["SETTINGS"], dict)
    for name, value in names["SETTINGS"].items():
        assert value == (list(theirs[name]) if isinstance(theirs[name], tuple) else theirs[name]), name
    assert theirs.keys() - names["SETTINGS"].keys() == {"benchmark", "frequency", "seed"}


def test_an_adapter_that_was_changed_is_found() -> None:
    source = program_for("backtesting", crossover()).source
    assert check_text(source, "backtesting").status is ValidationStatus.VALID
    for changed in (
        source.replace("import json", "import json\nimport os"),
        source.replace("trades[0].close()", "trades[0].close() or open('x')"),
        source.replace('if __name__ == "__main__":', 'print("more")\nif __name__ == "__main__":'),
    ):
        assert changed != source
        assert check_text(changed, "backtesting").status is ValidationStatus.SECURITY_ERROR


def test_a_refusal_names_the_rule_and_its_block() -> None:
    outcome = compile_flow(with_stop_and_target(), CATALOGUE, "qlib", validate_parameters)
    assert isinstance(outcome, tuple)
    assert [problem.node for problem in outcome] == ["stop", "target"]
    assert outcome[0].message == "The block 'Stop': Qlib cannot say “Stop: percent”: it has no stop orders."


def test_lines_of_the_strategy_lead_to_their_blocks_in_every_target() -> None:
    for target in TARGETS:
        program = program_for(target, crossover())
        lines = dict(zip(program.source.split("\n"), program.lines, strict=False))
        assert lines["    golden_cross = crossed_above(fast_average, slow_average)"] == ("golden",)
