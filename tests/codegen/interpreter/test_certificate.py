"""The certificate holds for what the generator writes, and says where a text lies."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.interpreter.certificate import COLUMNS, Certificate, certify, panel_of
from builder_app.codegen.interpreter.interpret import Panel
from builder_app.codegen.program import Program
from builder_app.flow.values import LogicFlow
from builder_app.nodes import validate_parameters
from builder_app.quicktest.engine.bars import bars_from
from builder_app.quicktest.engine.evaluate import evaluate
from tests.codegen.flows import CATALOGUE, compiled, random_prices, well_typed_flows
from tests.codegen.test_golden import crossover_with_stop, default_position, long_short_with_atr_exits

BARS = 160


def _prices(seed: int) -> tuple[NDArray[Any], dict[str, NDArray[np.float64]]]:
    """Two symbols over the same times, one bar in eight missing, the second one beginning late."""
    random = np.random.default_rng(seed)
    columns = [random_prices(seed + number, BARS) for number in range(2)]
    fields = {name: np.column_stack([each[name] for each in columns]) for name in COLUMNS}
    gaps = random.random((BARS, 2)) < 0.125
    gaps[: BARS // 4, 1] = True
    for array in fields.values():
        array[gaps] = np.nan
    times = np.datetime64("2020-01-01", "ns") + np.arange(BARS) * np.timedelta64(1, "D")
    return times, fields


def _said(source: str, times: NDArray[Any], fields: dict[str, NDArray[np.float64]]) -> tuple[Any, dict[str, Any]]:
    """RULES and arrays of a text, run by the engine's own evaluation."""
    names: dict[str, Any] = {"__name__": "strategy"}
    exec(compile(source, "strategy.py", "exec"), names)
    bars = bars_from((("A", "B"), times, tuple(fields[name] for name in COLUMNS)), ("A", "B"), None, ())
    with np.errstate(all="ignore"):
        return names["RULES"], evaluate(names.get("STEPS", names["signals"]), bars).arrays


def _certified(picture: LogicFlow, source: str, seed: int = 1) -> Certificate:
    times, fields = _prices(seed)
    return certify(picture, CATALOGUE, panel_of(("A", "B"), times, fields), _said(source, times, fields))


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(well_typed_flows(), st.integers(0, 1000))
def test_the_certificate_holds_for_any_generated_text_on_prices_with_gaps(picture: LogicFlow, seed: int) -> None:
    program = compile_flow(picture, CATALOGUE, "standalone", validate_parameters)
    if isinstance(program, Program):
        found = _certified(picture, program.source, seed)
        assert found.holds, found.differences
        assert found.values > 0


@pytest.mark.parametrize(
    ("make", "old", "new", "told"),
    [
        (crossover_with_stop, '"fast_period": 10', '"fast_period": 11', "'A quarter each', enter long of A differs"),
        (crossover_with_stop, '_positions": 4', '_positions": 5', "limit of maximum positions is 5, the picture's 4"),
        (crossover_with_stop, '"value": 25.0', '"value": 26.0', "'A quarter each', size"),
        (long_short_with_atr_exits, "3.5 * ", "3.6 * ", "target of A differs first"),
        (default_position, "timeperiod=10", "timeperiod=12", "'Default position', strength"),
    ],
)
def test_the_certificate_says_what_differs_and_where(make: Any, old: str, new: str, told: str) -> None:
    source = compiled(make()).source
    assert old in source
    found = _certified(make(), source.replace(old, new))
    assert not found.holds
    assert any(told in sentence for sentence in found.differences), found.differences
    assert found.sentence.startswith("The code differs from the picture: ")


def test_a_certificate_tells_what_was_compared() -> None:
    found = _certified(crossover_with_stop(), compiled(crossover_with_stop()).source)
    assert found.sentence.startswith("The code equals the picture on 160 bars of 2 symbols: ")
    assert isinstance(
        panel_of((), np.empty(0, dtype="datetime64[ns]"), {name: np.empty((0, 0)) for name in COLUMNS}), Panel
    )
