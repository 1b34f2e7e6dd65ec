"""A function of several lines: what may stand in it, what it becomes, and that it means what it says."""

from dataclasses import replace

import pytest

from builder_app.codegen.checks import check_program
from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program, ValidationStatus
from builder_app.codegen.recipes.kinds import RecipeRefused
from builder_app.codegen.recipes.own_functions import read_lines
from builder_app.flow.values import LogicFlow, PortType
from tests.codegen.flows import CATALOGUE, compiled, flow, node, wire
from tests.codegen.panels import assert_equal_on_panel, random_bars
from tests.codegen.test_compile import assert_formatted

SCORE = """\
# how far the close is from its average, in typical ranges
length = 10
spread = ta.ATR(prices["high"], prices["low"], prices["close"], timeperiod=length)
distance = a - ta.SMA(a, timeperiod=length)
distance /= spread
distance = distance if b > previous(b, 2) else -distance
return distance * 2"""


def strategy(text: str, template: str = "custom_function", wires: tuple[str, ...] = ()) -> LogicFlow:
    """Buys by the function's value or condition."""
    answer = "value" if template == "custom_function" else "result"
    lead = (
        ["own.value > high.a", "high.result > buy.condition"] if answer == "value" else ["own.result > buy.condition"]
    )
    return flow(
        "Own function",
        [
            node("price", "prices"),
            node("own", template, "Trend score", body=text),
            *([node("high", "greater_than", level=0.5)] if answer == "value" else []),
            node("buy", "enter_long"),
            node("size", "percent_of_equity"),
        ],
        ["price.close > own.a", "price.volume > own.b", *wires, *lead, "buy.signal > size.signal"],
    )


def test_lines_know_what_they_use_and_give_and_numbers_stand_for_themselves() -> None:
    lines = read_lines(SCORE, ("a", "b"))
    assert [line.name for line in lines] == ["spread", "distance", "distance", "distance", ""]
    assert "timeperiod=10" in lines[0].expression
    assert dict(lines[3].uses) == {"b": PortType.SERIES, "distance": PortType.SERIES}
    assert lines[3].expression.startswith("np.where(")
    assert read_lines("up = a > 1\nreturn up and not b > 2", ("a", "b"))[1].type is PortType.BOOLEAN


WRONG = {
    "": "empty",
    "x = 1": "the last line must be 'return expression'",
    "return": "returns too early, or nothing",
    "return a\nreturn a": "Line 1 returns too early",
    "for i in range(3):\n    x = a\nreturn x": "statement (for)",
    "while True:\n    pass\nreturn a": "statement (while)",
    "import os\nreturn a": "statement (import)",
    "def f():\n    return a\nreturn a": "statement (functiondef)",
    "x = y = a\nreturn x": "one name",
    "x, y = a, b\nreturn x": "one name",
    "prices = a\nreturn a": "cannot call a value 'prices'",
    "np = a\nreturn a": "cannot call a value 'np'",
    "x = open('file')\nreturn x": "Line 1",
    "x = a.__class__\nreturn x": "Line 1",
    "x = (lambda: a)()\nreturn x": "Line 1",
    "return c": "Line 1: The formula uses 'c'",
    "x = a\n  y = b\nreturn x": "cannot be read",
    "x = (a\nreturn x": "cannot be read",
    "x = rank_\\across(a)\nreturn x": "backslash",
    "return a > 1": "must return numbers",
    "return previous(a, -1)": "needs a whole number of at least 0",
    "x = enter_long(a > 1)\nreturn x": "Line 1",
    "return formula(a, b)": "Line 1",
}


@pytest.mark.parametrize("text", list(WRONG), ids=lambda text: text.replace("\n", " ") or "empty")
def test_what_may_not_stand_in_a_function_is_refused_with_its_line(text: str) -> None:
    made = compile_flow(strategy(text), CATALOGUE)
    assert not isinstance(made, Program), made.source
    assert "Trend score" in made[0].message
    assert WRONG[text] in made[0].message, made[0].message


def test_long_texts_are_refused() -> None:
    with pytest.raises(RecipeRefused, match="longer"):
        read_lines("x = a\n" * 2000 + "return x", ("a",))
    with pytest.raises(RecipeRefused, match="at most 60"):
        read_lines("x = a + 1\n" * 70 + "return x", ("a",))


def test_function_stands_in_the_text_under_the_blocks_name_with_the_lines_names() -> None:
    program = compiled(strategy(SCORE))
    assert "def trend_score(" in program.source
    assert "spread = ta.ATR(high, low, close, timeperiod=10)" in program.source
    assert program.warm_up == 10
    lit = [line for line, nodes in zip(program.source.split("\n"), program.lines, strict=False) if "own" in nodes]
    assert any(line.startswith("def trend_score(") for line in lit)
    assert {nodes for line in program.lines for nodes in line} <= {"price", "own", "high", "buy", "size"}
    assert check_program(program.source).status is ValidationStatus.VALID
    assert_formatted(program.source.partition("\n\n\n# The picture")[0] + "\n")


@pytest.mark.parametrize(
    ("text", "template"),
    [
        (SCORE, "custom_function"),
        ("return 3", "custom_function"),
        ("return a", "custom_function"),
        ("x = a\nx += 1\nx *= 2\nreturn x if x > b else 7", "custom_function"),
        ("n = 3\ntop = highest(a, n)\nn = 5\nreturn top - lowest(a, n)", "custom_function"),
        ('z = z_score_across(a)\nreturn z if z > 0 else median(prices["low"], 3)', "custom_function"),
        ('return is_weekday(prices["time"], "Monday") or a > previous(a, 1)', "custom_condition_function"),
        ("up = a > previous(a, 1)\nreturn for_bars(up, 2) & ~crossed_above(a, b)", "custom_condition_function"),
    ],
)
def test_function_means_what_its_lines_say(text: str, template: str) -> None:
    picture = strategy(text, template)
    program = compiled(picture)
    assert check_program(program.source).status is ValidationStatus.VALID
    for seed in (1, 2):
        assert_equal_on_panel(picture, program, random_bars(seed, 60))


def test_price_that_only_a_function_reads_is_no_variable_of_the_strategy() -> None:
    picture = strategy('return z_score(prices["low"], 5) + c')
    picture = replace(picture, edges=tuple(sorted((*picture.edges, wire("price.low > own.c")))))
    program = compiled(picture)
    assert "price.low" in program.variables  # it is handed to the function
    alone = compiled(strategy('return z_score(prices["low"], 5)'))
    assert "price.low" not in alone.variables
    assert_equal_on_panel(picture, program, random_bars(1, 60))


def test_positions_stand_in_the_order_of_the_picture_whatever_the_lines_leave_unused() -> None:
    """Its input b is wired and not used: the lines could be worked out earlier than the block of the picture."""
    picture = flow(
        "Order",
        [
            node("prices", "prices"),
            node("x", "sma", period=3),
            node("b", "custom_condition_function", body="up = a > previous(a, 1)\nreturn up"),
            node("bb", "enter_long"),
            node("bc", "percent_of_equity", percent=10.0),
            node("c", "greater_than", level=50.0),
            node("d", "enter_long"),
            node("e", "percent_of_equity", percent=20.0),
        ],
        [
            *("prices.close > b.a", "prices.close > x.price", "x.value > b.b", "prices.close > c.a"),
            *("b.result > bb.condition", "bb.signal > bc.signal", "c.result > d.condition", "d.signal > e.signal"),
        ],
    )
    assert_equal_on_panel(picture, compiled(picture), random_bars(1, 80, 0))
