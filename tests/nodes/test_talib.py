"""Every function of TA-Lib is a block: it says the library's own ranges, and its code computes the library's values."""

import json
from typing import Any

import numpy as np
import pytest
import talib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.recipes.choices import AVERAGE_TYPES, CANDLE_PATTERNS
from builder_app.flow.values import PortType
from tests.codegen.flows import CATALOGUE
from tests.nodes.derive_talib import FOLDER, derived
from tests.nodes.talib_blocks import (
    AVERAGES,
    bars,
    block_of,
    called,
    computed,
    given_inputs,
    keywords_of,
    names,
    parameter_of,
    program_of,
    values_of,
)
from tests.nodes.talib_json import laid_out
from tests.nodes.talib_library import Function, first_value, functions
from tests.nodes.talib_wording import CURATED, PATTERNS

FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
EACH = pytest.mark.parametrize("name", names())
WORKED_ON = {"MAXINDEX", "MININDEX", "MINMAXINDEX", "HT_TRENDMODE", "SUPERTREND", "FRACTAL"}
"""Functions whose whole numbers the block makes into something better; each has a test of its own."""


def test_the_files_are_what_the_program_derives_from_the_installed_library() -> None:
    there = {file.relative_to(FOLDER): file.read_text(encoding="utf-8") for file in FOLDER.rglob("*.json")}
    wanted = {path: laid_out(template) for path, template in derived().items()}
    advice = "run `python -m tests.nodes.derive_talib` and read what changes"
    assert sorted(there) == sorted(wanted), advice
    assert [str(path) for path in wanted if there[path] != wanted[path]] == [], advice


def test_every_function_of_the_library_has_a_block_and_every_pattern_a_word() -> None:
    assert set(functions()) == set(talib.get_functions())  # type: ignore[no-untyped-call]
    assert len(functions()) >= 201
    assert sum(len(function.options) for function in functions().values()) >= 170
    assert all(block_of(function) for function in functions().values())
    patterns = {name for name, function in functions().items() if function.group == PATTERNS}
    assert sorted(CANDLE_PATTERNS.values()) == sorted(patterns)
    assert AVERAGES == AVERAGE_TYPES


def _accepted(function: Function, keyword: str, value: float) -> bool:
    bar = [np.ones(1)] * len(function.inputs)
    try:
        getattr(talib, function.name)(*bar, **{keyword: value})
    except Exception:  # TA-Lib raises plain Exception for a parameter out of its range
        return False
    return True


@pytest.mark.parametrize("name", [name for name in names() if name not in CURATED])
def test_ranges_and_defaults_are_those_that_the_library_holds(name: str) -> None:
    function = functions()[name]
    template = block_of(function)
    properties: Any = template.parameter_schema["properties"]
    for option in function.options:
        parameter = parameter_of(function, option.keyword)
        if parameter is None:
            continue
        schema = properties[parameter]
        default = template.default_parameters[parameter]
        if option.kind == "average":
            assert AVERAGES[str(default)] == option.default
            assert all(_accepted(function, option.keyword, AVERAGES[word]) for word in schema["enum"])
            continue
        assert default == option.default or function.group == PATTERNS
        assert (schema.get("minimum"), schema.get("maximum")) == (option.minimum, option.maximum)
        step = 1 if option.kind == "integer" else 1e-6
        whole = int if option.kind == "integer" else float
        for limit, outside in ((option.minimum, -step), (option.maximum, step)):
            if limit is not None and option.keyword not in ("minperiod", "maxperiod"):
                assert _accepted(function, option.keyword, whole(limit))
                assert not _accepted(function, option.keyword, whole(limit + outside))


@EACH
@FEW
@given(data=st.data(), seed=st.integers(0, 999))
def test_generated_code_computes_what_the_library_computes(name: str, data: st.DataObject, seed: int) -> None:
    function = functions()[name]
    template = block_of(function)
    values = data.draw(values_of(function))
    prices = bars(seed, 300)
    found = computed(program_of(template, values), prices)
    wanted = called(function, prices, keywords_of(function, values))
    if name in WORKED_ON:
        return
    if function.group == PATTERNS:
        assert np.array_equal(found["bullish"], wanted[0] > 0)
        assert np.array_equal(found["bearish"], wanted[0] < 0)
        assert np.array_equal(found["value"], wanted[0])
        return
    assert len(found) == len(wanted)
    for port, expected in zip(template.output_ports, wanted, strict=True):
        # A block written by hand may compute it in an order of its own; a derived one calls the library.
        tolerance = 1e-6 if name in CURATED else 0
        np.testing.assert_allclose(found[port.name], expected, tolerance, tolerance, err_msg=f"{port.name} {values}")


@EACH
@FEW
@given(data=st.data())
def test_warm_up_is_exactly_the_bars_before_the_first_value(name: str, data: st.DataObject) -> None:
    function = functions()[name]
    values = data.draw(values_of(function))
    keywords = keywords_of(function, values)
    program = program_of(block_of(function), values)
    assert program.warm_up == function.look_back(**keywords)
    prices = bars(7, program.warm_up + 40)
    assert first_value(function, given_inputs(function, prices), keywords) == program.warm_up
    if function.group != PATTERNS:
        for port, series in computed(program, prices).items():
            if series.dtype == float:
                assert int(np.isnan(series).argmin()) == program.warm_up, f"{port} {values}"
                assert not np.isnan(series[program.warm_up :]).any(), f"{port} {values}"


@EACH
def test_no_block_looks_ahead(name: str) -> None:
    function = functions()[name]
    template = block_of(function)
    values = {} if function.group != PATTERNS else {"pattern": next(w for w, n in CANDLE_PATTERNS.items() if n == name)}
    program = program_of(template, dict(values))
    prices = bars(3, 220)
    whole = computed(program, prices)
    for cut in (219, 150):
        part = computed(program, {column: series[:cut] for column, series in prices.items()})
        for port, series in part.items():
            np.testing.assert_array_equal(series, whole[port][:cut], err_msg=port)


@pytest.mark.parametrize("name", [name for name in names() if name not in CURATED])
def test_block_says_its_warm_up_and_how_it_is_drawn(name: str) -> None:
    function = functions()[name]
    template = block_of(function)
    if function.group != PATTERNS:
        assert template.warm_up == program_of(template, {}).warm_up == function.look_back()
    styles: Any = template.plot["styles"]
    assert set(styles) == {port.name for port in template.output_ports}
    if any("Histogram" in output.flags for output in function.outputs):
        assert "histogram" in styles.values()
    assert all(styles[port.name] == "marks" for port in template.output_ports if port.type is PortType.BOOLEAN)


def test_bars_since_an_extreme_are_counted_from_it() -> None:
    close = bars(5, 120)["close"]
    prices = {**bars(5, 120), "close": close}
    windows = {bar: list(close[bar - 9 : bar + 1]) for bar in range(9, 120)}
    highest = [np.nan] * 9 + [9 - window.index(max(window)) for window in windows.values()]
    lowest = [np.nan] * 9 + [9 - window.index(min(window)) for window in windows.values()]
    for block, wanted in (
        ("bars_since_highest", {"value": highest}),
        ("bars_since_lowest", {"value": lowest}),
        ("bars_since_extremes", {"lowest": lowest, "highest": highest}),
    ):
        found = computed(program_of(CATALOGUE.templates[block], {"period": 10}), prices)
        assert found.keys() == wanted.keys()
        for port, expected in wanted.items():
            np.testing.assert_array_equal(found[port], expected)


def test_trend_or_cycle_has_no_value_before_the_library_has_one() -> None:
    prices = bars(8, 200)
    found = computed(program_of(CATALOGUE.templates["trend_or_cycle"], {}), prices)
    mode = np.asarray(talib.HT_TRENDMODE(prices["close"]))
    assert np.isnan(found["value"][:63]).all()
    np.testing.assert_array_equal(found["value"][63:], mode[63:])
    np.testing.assert_array_equal(found["trending"], mode == 1)
    assert set(np.unique(mode)) == {0, 1}


def test_supertrend_says_rise_or_fall_from_its_first_value_on() -> None:
    prices = bars(2, 200)
    found = computed(program_of(CATALOGUE.templates["supertrend"], {"period": 7, "multiplier": 2.0}), prices)
    line, trend = talib.SUPERTREND(prices["high"], prices["low"], prices["close"], timeperiod=7, multiplier=2.0)
    np.testing.assert_array_equal(found["value"], line)
    np.testing.assert_array_equal(found["trend"][7:], trend[7:])
    assert np.isnan(found["trend"][:7]).all()
    np.testing.assert_array_equal(found["rising"][7:], prices["close"][7:] > line[7:])
    np.testing.assert_array_equal(found["falling"][7:], prices["close"][7:] < line[7:])
    assert not found["rising"][:7].any()
    assert not found["falling"][:7].any()
    assert found["rising"].any()
    assert found["falling"].any()


def test_swing_points_are_told_when_they_are_complete() -> None:
    prices = bars(4, 150)
    found = computed(program_of(CATALOGUE.templates["swing_points"], {"left_bars": 3, "right_bars": 2}), prices)
    for port, extreme in (("swing_high", prices["high"]), ("swing_low", -prices["low"])):
        wanted = [
            bar >= 5 and extreme[bar - 2] > max(*extreme[bar - 5 : bar - 2], *extreme[bar - 1 : bar + 1])
            for bar in range(150)
        ]
        assert any(wanted)
        np.testing.assert_array_equal(found[port], wanted)


def test_every_choice_of_average_is_the_one_that_its_word_says() -> None:
    prices = bars(6, 300)
    for word, kind in AVERAGES.items():
        found = computed(program_of(CATALOGUE.templates["moving_average"], {"period": 9, "average_type": word}), prices)
        wanted = talib.MA(prices["close"], timeperiod=9, matype=kind)  # type: ignore[arg-type]
        np.testing.assert_array_equal(found["value"], wanted)


def test_derived_templates_are_plain_json_without_a_name_twice() -> None:
    names_ = [template["name"] for template in derived().values()]
    assert len(names_) == len(set(names_))
    assert json.loads(laid_out(next(iter(derived().values())))) == next(iter(derived().values()))
