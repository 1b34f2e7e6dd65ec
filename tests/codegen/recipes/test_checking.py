"""Recipes: what may be said is read, everything else is refused with a sentence."""

import contextlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import talib
import talib.abstract
from hypothesis import given
from hypothesis import strategies as st

from builder_app.codegen.expressions import Call, Constant, Name, Operation, Price
from builder_app.codegen.recipes.checking import check_template, parse_formula, parse_recipe
from builder_app.codegen.recipes.kinds import RecipeRefused
from builder_app.codegen.recipes.vocabulary import NUMPY, Kind, signature_of
from builder_app.flow.templates import InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import Json, NodeType, PortType, frozen_mapping
from tests.codegen.flows import CATALOGUE

PORTS = (
    InputPort("price", PortType.SERIES),
    InputPort("condition", PortType.BOOLEAN),
    InputPort("conditions", PortType.BOOLEAN, multiple=True),
    InputPort("signal", PortType.SIGNAL, multiple=True),
)
PARAMETERS: dict[str, Json] = {
    "period": {"type": "integer"},
    "source": {"type": "string", "enum": ["close", "open"]},
    "expression": {"type": "string"},
}

ALLOWED = {
    "ta.SMA(price, timeperiod=period)": Kind.SERIES,
    "ta.BBANDS(price, timeperiod=period)[1]": Kind.SERIES,
    "prices[source]": Kind.SERIES,
    'prices["close"] - previous(price, 1)': Kind.SERIES,
    "period": Kind.NUMBER,
    "1 + 2 * period": Kind.NUMBER,
    "price > 30 and not condition": Kind.BOOLEAN,
    "20 < price <= 30": Kind.BOOLEAN,
    "all_of(conditions)": Kind.BOOLEAN,
    "any_of(conditions) & ~condition": Kind.BOOLEAN,
    "np.where(condition, price, np.nan)": Kind.SERIES,
    'np.full_like(prices["close"], period)': Kind.SERIES,
    "enter_long(condition, strength=price)": Kind.SIGNAL,
    "position(signal, cash=period)": Kind.POSITION,
    "formula(expression, price)": Kind.SERIES,
}
REFUSED = (
    "",
    " ",
    "price price",
    "pric",
    "price.__class__",
    "price.real",
    "(1).__class__",
    "ta.__dict__",
    "ta",
    "np",
    "np.load(price)",
    "np.max(price)",
    "np.roll(price, 1)",
    "np.__builtins__",
    "np.lib.npyio",
    "np.pi",
    "ta.get_functions()",
    "ta.abstract.Function(price)",
    "ta._ta_lib",
    "ta.SMA",
    "ta.SMA(price, period)",
    "ta.SMA(price, timeperiod=price)",
    "ta.SMA(price, period=3)",
    "ta.SMA()",
    "ta.SMA(*price)",
    "ta.SMA(price, **price)",
    "ta.BBANDS(price)",
    "ta.BBANDS(price)[3]",
    "ta.BBANDS(price)[-1]",
    "ta.BBANDS(price)[0:1]",
    "ta.SMA(price, timeperiod=period)[0]",
    "price[0]",
    "price[-1]",
    "prices",
    'prices["open_interest"]',
    "prices[price]",
    "prices[0]",
    "'text'",
    "source",
    "b'x'",
    "f'{price}'",
    "f'{price.__class__}'",
    "'{0.__class__}'.format(price)",
    "True",
    "None",
    "...",
    "1j",
    "1e999",
    "1e16",
    "9" * 900,
    "lambda: price",
    "(lambda x: x)(price)",
    "[price]",
    "(price, price)",
    "{price}",
    "{'a': price}",
    "[x for x in price]",
    "(x for x in price)",
    "price if condition else price",
    "(price := 1)",
    "await price",
    "yield price",
    "price @ price",
    "price % 2",
    "price // 2",
    "price << 2",
    "price ^ condition",
    "price == price",
    "price != price",
    "price is price",
    "price in price",
    "~price",
    "not price",
    "price & condition",
    "condition + 1",
    "-condition",
    "conditions",
    "~conditions",
    "conditions & condition",
    "is_above(price)",
    "is_above(condition, price)",
    "previous(price, price)",
    "previous(price, bars=1)",
    "crossed_above(price, 'x')",
    "all_of()",
    "all_of(price)",
    "all_of(conditions, key=condition)",
    "enter_long(price)",
    "enter_long(condition, power=price)",
    "exit_long(condition, strength=price)",
    "position(signal)",
    "position(signal, cash=1, shares=1)",
    "~enter_long(condition)",
    "formula(period)",
    "formula(expression) + 1",
    "formula('price')",
    "__import__('os')",
    "eval('1')",
    "open('x')",
    "print(price)",
    "getattr(price, 'x')",
    "price\\\n",
    "price\x00",
    "price\u2028",
    "price; price",
    "import os",
    "x = 1",
    "(" * 300 + "price" + ")" * 300,
    "-" * 900 + "price",
    "+".join(["price"] * 150),
    "price" + " " * 1000,
)


@pytest.mark.parametrize(("text", "kind"), ALLOWED.items())
def test_what_the_vocabulary_holds_is_read(text: str, kind: Kind) -> None:
    assert parse_recipe(text, PORTS, PARAMETERS).kind is kind


@pytest.mark.parametrize("text", REFUSED)
def test_everything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(RecipeRefused) as refusal:
        parse_recipe(text, PORTS, PARAMETERS)
    assert str(refusal.value).endswith((".", "?"))


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RecipeRefused):
        assert parse_formula(text, ("a", "b")).text == text


@given(st.text("ab.()[]'\"_,+-*<>&|~ 0123456789tanplogSMARI=:", max_size=60))
def test_any_text_of_formula_letters_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RecipeRefused):
        assert parse_formula(text, ("a", "b")).text == text


def test_a_recipe_becomes_values_not_text() -> None:
    recipe = parse_recipe("is_above(price, 2 * prices[source])", PORTS, PARAMETERS)
    doubled = Operation("*", (Constant(2), Price(Name("source"))))
    assert recipe.expression == Call("is_above", (Name("price"), doubled))


def test_numbers_of_different_types_are_different_constants() -> None:
    assert Constant(1) != Constant(1.0)
    assert Constant(1) != Constant(True)
    assert len({Constant(1), Constant(1.0), Constant(True)}) == 3


def test_a_near_miss_is_suggested() -> None:
    with pytest.raises(RecipeRefused, match=r"Did you mean ta\.SMA\?"):
        parse_formula("ta.SMAA(a)", ("a",))
    with pytest.raises(RecipeRefused, match="did you mean 'price'"):
        parse_recipe("prce + 1", PORTS, PARAMETERS)


@pytest.mark.parametrize("name", sorted(CATALOGUE.templates))
def test_every_shipped_template_passes(name: str) -> None:
    assert check_template(CATALOGUE.templates[name]) == ()


SCHEMA: dict[str, Json] = {"type": "object", "properties": {"period": {"type": "integer"}}}


def _template(**changes: object) -> NodeTemplate:
    good = NodeTemplate(
        "mean",
        "Mean",
        NodeType.INDICATOR,
        "trend",
        parameter_schema=frozen_mapping(SCHEMA),
        default_parameters=frozen_mapping({"period": 3}),
        input_ports=(InputPort("price", PortType.SERIES),),
        output_ports=(OutputPort("value", PortType.SERIES),),
        outputs=frozen_mapping({"value": "ta.SMA(price, timeperiod=period)"}),
    )
    return replace(good, **changes)  # type: ignore[arg-type]


def test_a_good_template_passes() -> None:
    assert check_template(_template()) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outputs": {}}, "no recipe"),
        ({"outputs": {"value": "ta.SMA(price, timeperiod=period)", "other": "price"}}, "not an output"),
        ({"outputs": {"value": "price > period"}}, "the port carries a series"),
        ({"outputs": {"value": "price"}}, "'period'"),
        ({"outputs": {"value": "ta.SMA(price, timeperiod=length)"}}, "length"),
        ({"input_ports": (InputPort("price", PortType.SERIES, default="os.name"),)}, "input 'price'"),
        ({"outputs": {"value": "prices[period] + price"}}, "not allowed"),
    ],
)
def test_a_template_that_says_something_wrong_is_told_so(changes: dict[str, object], said: str) -> None:
    sentences = check_template(_template(**changes))
    assert any(said in sentence for sentence in sentences)


def test_a_source_parameter_may_offer_only_price_columns() -> None:
    schema = {"type": "object", "properties": {"source": {"type": "string", "enum": ["close", "__class__"]}}}
    bad = _template(parameter_schema=schema, outputs={"value": "prices[source] + price"})
    assert any("enum" in sentence for sentence in check_template(bad))


def _random_bars(bars: int = 300) -> dict[str, np.ndarray]:
    random = np.random.default_rng(5)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.02, bars)))
    open_ = close * np.exp(random.normal(0, 0.01, bars))
    high, low = np.maximum(open_, close) * 1.01, np.minimum(open_, close) * 0.99
    volume = random.uniform(1e5, 1e6, bars)
    return {"open": open_, "high": high, "low": low, "close": close, "volume": volume}


@pytest.mark.parametrize("name", talib.get_functions())  # type: ignore[no-untyped-call]
def test_no_indicator_sees_the_future_and_outputs_are_as_declared(name: str) -> None:
    columns = _random_bars()
    inputs: list[str] = []
    for names in talib.abstract.Function(name).info["input_names"].values():  # type: ignore[attr-defined]
        inputs += names if isinstance(names, list) else [names]
    series = [columns.get(column, columns["close"] / 10) for column in inputs]
    signature = signature_of(f"ta.{name}")
    assert signature is not None
    assert len(signature.takes) == len(series)

    def called(bars: int) -> list[np.ndarray]:
        answer = getattr(talib, name)(*(values[:bars] for values in series))
        return list(answer) if isinstance(answer, tuple) else [answer]

    whole = called(300)
    assert len(whole) == signature.outputs
    assert {place for place, values in enumerate(whole) if values.dtype != float} == signature.gives_whole
    for bars in (120, 200):
        for full, part in zip(whole, called(bars), strict=True):
            assert np.array_equal(full[:bars].astype(float), part.astype(float), equal_nan=True)


@pytest.mark.parametrize("function", sorted(NUMPY))
def test_no_numpy_function_of_the_list_sees_other_bars(function: str) -> None:
    signature = signature_of(function)
    assert signature is not None
    series = [np.linspace(0.5, 1.5, 40) + place for place in range(len(signature.takes))]
    inputs: list[Any] = [
        values > 1 if kind is Kind.BOOLEAN else values for values, kind in zip(series, signature.takes, strict=True)
    ]
    if function == "np.full_like":
        inputs[1] = np.full((), 3.0)
    whole = getattr(np, function.removeprefix("np."))(*inputs)
    part = getattr(np, function.removeprefix("np."))(*(values[:20] if np.ndim(values) else values for values in inputs))
    assert np.array_equal(whole[:20], part, equal_nan=True)
