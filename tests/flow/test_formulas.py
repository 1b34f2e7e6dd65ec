"""Formulas over strategy parameters: one reading, one printing, one value."""

import ast
import math
import string
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.formula_reading import DEEPEST, FormulaFault, tree_of
from builder_app.flow.formula_trees import Both, Named, Number, Tree, walk, written
from builder_app.flow.formulas import (
    LARGEST,
    NotWhole,
    UnknownName,
    bound,
    names_in,
    number_from,
    renamed,
    value_of,
    whole_number_from,
    without,
    worked_out,
)
from builder_app.flow.values import Formula, ParameterReference, ParameterValue, Secret
from tests.flow.formulas import numbers, trees

NAMES = ("fast_period", "x", "größe", "two words", 'a "b" \\', "min", "lambda", "2nd")
VALUES = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers | numbers.map(lambda number: -number)))


def _as_python(tree: Tree) -> str:
    """The formula with its strategy parameters as a table, which Python itself can work out."""
    return written(tree, lambda name: f"values[{name!r}]", formatted=True)


def _kinds(tree: Tree) -> list[str]:
    """Everything in a tree, where 1 and 1.0 are not the same."""
    return [repr(part) for part in walk(tree)]


@given(trees(NAMES))
def test_what_is_printed_is_read_as_the_same_formula(tree: Tree) -> None:
    assert _kinds(tree_of(written(tree))) == _kinds(tree)
    assert Formula(written(tree)).text == written(tree)


@given(trees(NAMES), st.randoms(use_true_random=False))
def test_needless_parentheses_and_spaces_change_nothing(tree: Tree, random: object) -> None:
    assert Formula(f"  ( {written(tree)} )\n").text == written(tree)


@given(trees(NAMES))
def test_python_reads_what_is_printed_as_the_same_operations(tree: Tree) -> None:
    text = _as_python(tree)
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(_with_all_parentheses(tree)))


def _with_all_parentheses(tree: Tree) -> str:
    match tree:
        case Both(symbol, left, right):
            return f"(({_with_all_parentheses(left)}) {symbol} ({_with_all_parentheses(right)}))"
        case Number() | Named():
            return _as_python(tree)
    inner = [_with_all_parentheses(part) for part in walk(tree) if any(part is own for own in _own_parts(tree))]
    return f"{tree.function}({', '.join(inner)})" if hasattr(tree, "function") else f"(-({inner[0]}))"


def _own_parts(tree: Tree) -> tuple[Tree, ...]:
    arguments: tuple[Tree, ...] = getattr(tree, "arguments", ())
    operand: Tree | None = getattr(tree, "operand", None)
    return arguments if operand is None else (operand,)


@settings(max_examples=400)
@given(trees(NAMES), VALUES)
def test_a_formula_comes_to_what_python_makes_of_it(tree: Tree, values: Mapping[str, int | float]) -> None:
    whole = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in values.items()
    }
    try:
        found = worked_out(tree, values)
    except FormulaFault:
        assert _has_no_small_value(tree, whole)
        return
    expected = eval(_as_python(tree), {"values": whole})
    assert (found, type(found)) == (expected, type(expected))


def _has_no_small_value(tree: Tree, values: Mapping[str, int | float]) -> bool:
    """Whether Python, too, finds no ordinary number somewhere in the formula."""
    for part in reversed(tuple(walk(tree))):  # the innermost first: Python would work at a tower of powers for ever
        if isinstance(part, Both) and part.symbol == "**":
            base, power = (_python_or_none(side, values) for side in (part.left, part.right))
            if base and power is not None and power * math.log2(abs(base)) > 50:
                return True
        if _python_or_none(part, values) is None:
            return True
    return False


def _python_or_none(tree: Tree, values: Mapping[str, int | float]) -> int | float | None:
    try:
        found = eval(_as_python(tree), {"values": values})
    except (ArithmeticError, TypeError, ValueError):
        return None
    return found if isinstance(found, int | float) and abs(found) <= LARGEST else None


@given(st.text(st.sampled_from([*string.printable, "×", "ö", "−", "\ud800"]), max_size=40))
def test_no_text_makes_the_reader_fail_but_with_a_sentence(text: str) -> None:
    assert isinstance(Formula(text).text, str)
    said = "."
    try:
        tree_of(text)
    except FormulaFault as fault:
        said = fault.sentence
    assert said.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Is empty. Write for example 2 * fast_period + 1."),
        ("2 *", "Ends where a number or a strategy parameter should follow. Write for example 2 * fast_period + 1."),
        ("2 ^ x", "Has '^' where an operator, or its end, should stand. Write ** for a power."),
        ("(x", "Ends without a ')'. Close every parenthesis."),
        ("2x", "Holds '2x', which is neither a number nor a name. Write 2 * x for a product."),
        ("rounded(x)", "Uses rounded(…), which a formula does not know. Did you mean round(…)?"),
        ("min(x)", "Gives min(…) 1 number. It takes 2 to 8, with commas between them."),
        ("__import__('os')", "Uses __import__(…), which a formula does not know. "),
        ("x.real", "Has '.' where an operator, or its end, should stand. "),
        ("x if x else 1", "Has 'if' where an operator, or its end, should stand. "),
        ("x > 3", "Has '>' where an operator, or its end, should stand. It must be a number, not a condition."),
        ("(" * 30 + "x" + ")" * 30, "Is nested too deeply. "),
        ("-" * 30 + "x", "Has too many signs in a row. "),
        ("x" + " ** x" * 30, "Has too many powers inside each other. "),
        (" + ".join("x" * 60), "Has more than 100 numbers, names and signs. "),
        ("x" * 6_000, "Has more than 5,000 characters. "),
    ],
)
def test_what_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(FormulaFault) as fault:
        tree_of(text)
    assert fault.value.sentence.startswith(sentence)


def test_a_formula_may_be_as_deep_as_it_says() -> None:
    assert Formula("(" * DEEPEST + "x" + ")" * DEEPEST).text == "x"


STRATEGY: Mapping[str, ParameterValue] = {
    "fast": 10,
    "broken": 2.5,
    "ten": 10.0,
    "source": "close",
    "on": True,
    "none": None,
    "key": Secret(5),
    "zero": 0,
    "Fast period": 4,
}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2 * fast + 1", 21),
        ("2 * ten + 1", 21),
        ("broken * 3", 7.5),
        ("-fast ** 2", -100),
        ("(-fast) ** 2", 100),
        ("7 // 2", 3),
        ("-7 % 3", 2),
        ("round(broken * 3)", 8),
        ("round(broken / 3, 2)", 0.83),
        ("min(fast, broken, 3)", 2.5),
        ('"Fast period" * 2', 8),
        ("2 ** -1", 0.5),
        ("0.1 ** 400", 0.0),
        ("40 ** -400", 0.0),
    ],
)
def test_formulas_have_known_values(text: str, number: int | float) -> None:
    found = number_from(Formula(text), STRATEGY)
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fsat * 2", "Uses the strategy parameter 'fsat', which does not exist. Did you mean 'fast'?"),
        ("quite_another * 2", "Uses the strategy parameter 'quite_another', which does not exist. Define it, or "),
        ("fast / zero", "Divides by zero, which is 0. Change it, or the strategy parameters in it."),
        ("fast % (fast - ten)", "Divides by fast - ten, which is 0. "),
        ("fast // 0", "Divides by 0. "),
        ("zero ** -1", "Divides by 0: it takes a power below 0 of 0. "),
        ("(-fast) ** 0.5", "Takes a root of a number below 0. "),
        ("fast ** 99", "Grows beyond 1e15. "),
        ("9 ** 9 ** 9", "Grows beyond 1e15. "),
        ("0.1 ** -400", "Grows beyond 1e15. "),
        ("2 * source", "Uses the strategy parameter 'source', which is no number. Give 'source' a number, or "),
        ("2 * on", "Uses the strategy parameter 'on', which is no number. "),
        ("2 * none", "Uses the strategy parameter 'none', which is empty. "),
        ("2 * key", "Uses the strategy parameter 'key', which is sensitive and never in code. "),
        ("round(fast, broken)", "Rounds to 2.5 places. Write a whole number from 0 to 15."),
    ],
)
def test_what_has_no_value_is_said(text: str, sentence: str) -> None:
    with pytest.raises(FormulaFault) as fault:
        number_from(Formula(text), STRATEGY)
    assert fault.value.sentence.startswith(sentence)
    assert value_of(Formula(text), STRATEGY) == Formula(text)


def test_whole_numbers_are_whole_by_their_kind() -> None:
    assert whole_number_from(Formula("2 * ten + 1"), STRATEGY) == 21
    with pytest.raises(NotWhole, match=r"^comes to 2.5 and not to a whole number$") as broken:
        whole_number_from(Formula("broken"), STRATEGY)
    with pytest.raises(NotWhole, match=r"^comes to 5 here, but not always to a whole number$"):
        whole_number_from(Formula("fast / 2"), STRATEGY)
    assert broken.value.hint == "Write round(broken)."
    assert whole_number_from(Formula("fast // 2"), STRATEGY) == 5


def test_a_name_alone_is_a_reference_and_anything_else_a_formula() -> None:
    assert bound(" fast ") == ParameterReference("fast")
    assert bound('"Fast period"') == ParameterReference("Fast period")
    assert bound("2*fast") == Formula("2 * fast")
    assert bound("3") == Formula("3")
    with pytest.raises(UnknownName):
        number_from(Formula("no"), {})


def test_names_are_those_of_strategy_parameters() -> None:
    assert names_in(Formula('min(b, a) * "Fast period" + b')) == ("b", "a", "Fast period")
    assert names_in(ParameterReference("a")) == ("a",)
    assert names_in(Formula("2 +")) == names_in("a") == ()


def test_renaming_changes_every_mention_and_nothing_else() -> None:
    assert renamed(Formula("fast + faster * fast"), "fast", "slow") == Formula("slow + faster * slow")
    assert renamed(Formula("fast * 2"), "fast", "two words") == Formula('"two words" * 2')
    assert renamed(ParameterReference("fast"), "fast", "slow") == ParameterReference("slow")
    assert renamed(Formula("min(2, 3)"), "min", "slow") == Formula("min(2, 3)")
    assert renamed("fast", "fast", "slow") == "fast"
    assert renamed(Formula("fast +"), "fast", "slow") == Formula("fast +")


def test_taking_a_parameter_out_leaves_its_value() -> None:
    strategy: Mapping[str, ParameterValue] = {"fast": -3, "slow": 2.5, "text": "close"}
    assert without(Formula("2 * fast + slow"), "fast", strategy) == Formula("2 * -3 + slow")
    assert without(Formula("fast ** 2 + slow"), "fast", strategy) == Formula("(-3) ** 2 + slow")
    assert without(Formula("2 * fast + 1"), "fast", strategy) == -5
    assert without(ParameterReference("text"), "text", strategy) == "close"
    assert without(Formula("2 * text"), "text", strategy) == Formula("2 * text")
    assert without(Formula("slow * 2"), "fast", strategy) == Formula("slow * 2")
