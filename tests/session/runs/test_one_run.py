"""One flow from file to result."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from builder_app.flow.codec import FlowUnreadable
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, frozen_mapping
from builder_app.market.library import Library
from builder_app.market.prices import PricesUnreadable, read_prices
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import RunProgress, RunResult, TestConfig
from builder_app.session.code.export import Export, exported_files
from builder_app.session.runs.config_codec import ConfigUnreadable
from builder_app.session.runs.one_run import load_panel, prices_text, read_config, read_flow, test_flow
from builder_app.session.shelf.saved import StrategyUnavailable
from tests.environments import CHECKOUT
from tests.nodes.test_sensitive_parameters import sma_with
from tests.shipped import shipped_catalogue

RESOURCES: Final = CHECKOUT / "resources"
SAMPLE: Final = RESOURCES / "samples" / "stocks.csv.gz"
EXAMPLES: Final = RESOURCES / "examples"


def no_library() -> Library:
    raise AssertionError("the library was asked for")


def test_a_flow_that_is_not_code_is_not_run_and_no_prices_are_read() -> None:
    def no_prices(config: TestConfig) -> Panel:
        raise AssertionError("prices were read")

    tested = test_flow(EMPTY_FLOW, TestConfig(), shipped_catalogue, no_prices, lambda _: None)
    assert tested.outcome is None
    assert tested.generated.program is None
    assert tested.generated.problems


def test_progress_only_grows_and_ends_with_all_done() -> None:
    shown: list[RunProgress] = []
    tested = test_flow(
        read_flow(Path("rsi_reversal"), EXAMPLES),
        TestConfig(),
        shipped_catalogue,
        lambda config: read_prices([SAMPLE]),
        shown.append,
    )
    assert isinstance(tested.outcome, RunResult)
    shares = [progress.share for progress in shown]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert len({progress.stage for progress in shown}) >= 4


def test_the_benchmark_is_read_with_the_pool_from_files_as_from_the_library(tmp_path: Path) -> None:
    config = TestConfig(stock_pool=("MSFT",), benchmark="IBM")
    panel = load_panel(config, no_library, [SAMPLE])
    assert panel.symbols == ("MSFT", "IBM")
    assert load_panel(replace(config, benchmark="MSFT"), no_library, [SAMPLE]).symbols == ("MSFT",)
    text = prices_text(panel.symbols, no_library, [SAMPLE])
    (tmp_path / "prices.csv").write_text(text, encoding="utf-8")
    again = load_panel(config, no_library, [tmp_path / "prices.csv"])
    assert again.fingerprint == panel.fingerprint
    assert np.array_equal(again.close, panel.close, equal_nan=True)


def test_prices_that_are_not_there_are_said() -> None:
    with pytest.raises(PricesUnreadable, match="did you mean MSFT"):
        load_panel(TestConfig(stock_pool=("MFST",)), no_library, [SAMPLE])


def test_a_huge_flow_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.flow.json"
    with path.open("wb") as file:
        file.truncate(50 * MAXIMUM_BYTES)  # a sparse file: a gigabyte that takes no room
    with pytest.raises(FlowUnreadable, match="20 MB"):
        read_flow(path, EXAMPLES)
    with pytest.raises(ConfigUnreadable, match=r"huge\.flow\.json: .*20 MB"):
        read_config(path)


def test_examples_are_found_by_bare_names_only(tmp_path: Path) -> None:
    assert read_flow(Path("rsi_reversal"), EXAMPLES).name == "RSI reversal"
    with pytest.raises(FileNotFoundError):
        read_flow(tmp_path / "rsi_reversal", EXAMPLES)
    with pytest.raises(FileNotFoundError):
        read_flow(Path("rsi_reversal.json"), EXAMPLES)
    with pytest.raises(StrategyUnavailable, match="Did you mean 'rsi_reversal'"):
        read_flow(Path("rsi_reversall"), EXAMPLES)


def test_no_set_up_is_the_default_one(tmp_path: Path) -> None:
    assert read_config(None) == TestConfig()
    (tmp_path / "test.json").write_text('{"seed": 4}')
    assert read_config(tmp_path / "test.json") == TestConfig(seed=4)


def test_a_plain_value_in_a_sensitive_place_of_a_file_goes_no_further() -> None:
    catalogue = Catalogue(frozen_mapping({**shipped_catalogue().templates, "sma": sma_with()}))
    example = read_flow(Path("moving_average_crossover"), EXAMPLES)
    averages = {id: node for id, node in example.nodes.items() if node.template == "sma"}

    def with_key(value: str) -> LogicFlow:
        changed = {
            id: replace(node, parameters=frozen_mapping({**node.parameters, "key": value}))
            for id, node in averages.items()
        }
        return replace(example, nodes=frozen_mapping({**example.nodes, **changed}))

    tested = [
        test_flow(with_key(key), TestConfig(), lambda: catalogue, lambda config: read_prices([SAMPLE]), lambda _: None)
        for key in ("canary-7f3a9", "another")
    ]
    one, other = (each.generated.program for each in tested)
    assert one is not None
    assert one == other, "not even a hash tells the two apart"
    assert isinstance(tested[0].outcome, RunResult)
    files = exported_files(Export(tested[0].flow, one, tested[0].config, tested[0].outcome))
    assert not any("canary" in text for text in files.values())
    assert "canary" not in repr(tested[0])
