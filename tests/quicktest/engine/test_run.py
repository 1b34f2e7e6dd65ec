"""An exported folder's main function: metrics, sentences, exit codes, and no traceback."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder_app.market.prices.panel import Panel
from builder_app.quicktest.engine.metrics import DEFINITIONS
from builder_app.quicktest.engine.run import run, shown
from builder_app.quicktest.exported import config_document, config_from, engine_files
from builder_app.quicktest.request import IntrabarOrder, TestConfig
from tests.quicktest.trading import FLAT, exit_rule, leg, panel_from, pool_from

RULES = {"legs": [leg()], "portfolio": {"maximum_positions": None}}


def signals(prices: dict[str, Any]) -> dict[str, Any]:
    close = prices["close"]
    return {"buy": close > 10, "sell": close < 10}


def read_prices(paths: Sequence[Path], stock_pool: Sequence[str], start: object, end: object) -> Panel:
    bars = [FLAT, (10, 11, 10, 11), (11, 12, 11, 12), (12, 12, 9, 9), (9, 9, 8, 8)]
    return panel_from(pool_from({"A": bars, "B": [FLAT] * 5}))


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, Path]:
    prices = tmp_path / "prices.csv"
    prices.write_text("")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"initial_capital": 1000.0, "slippage": 0.0, "commission_rate": 0.0}))
    return str(prices), config


def test_table_and_json_say_the_same_metrics(files: tuple[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    prices, config = files
    assert run(signals, RULES, read_prices, [prices, "--config", str(config), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["metrics"]["total_return"] == pytest.approx(-0.02)  # 10 shares from 11 to 9
    assert document["metrics"]["trade_count"] == 1
    assert document["metrics"]["profit_factor"] == 0.0
    assert run(signals, RULES, read_prices, [prices, "--config", str(config)]) == 0
    table = capsys.readouterr().out
    for definition in DEFINITIONS:
        value = document["metrics"][definition.name]
        (line,) = [line for line in table.splitlines() if line.startswith(definition.title + "  ")]
        assert line.endswith(shown(definition.name, np.nan if value is None else value))


def test_where_ambiguous_bars_make_a_metric_uncertain_table_and_json_give_its_interval(
    files: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The bar after the entry touches the stop at 10 % and the target at 10 %: the trade won or lost 1,000 · 10 %."""
    prices, config = files
    both = [FLAT, (10, 10, 10, 11), (10, 12, 8, 10), FLAT]
    rules = {
        "legs": [
            leg(size={"kind": "percent_of_equity", "value": 100.0},
                exits=[exit_rule("stop", "percent", 10.0), exit_rule("target", "percent", 10.0)])
        ],
        "portfolio": {"maximum_positions": None},
    }  # fmt: skip
    reading = lambda *_: panel_from(pool_from({"A": both}))  # noqa: E731
    assert run(signals, rules, reading, [prices, "--config", str(config), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["metrics"]["total_return"] == pytest.approx(-0.1)
    assert (document["lower"]["total_return"], document["upper"]["total_return"]) == pytest.approx((-0.1, 0.1))
    assert run(signals, rules, reading, [prices, "--config", str(config)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Total return ")]
    assert line.endswith("-10.00 %  -10.00 % … 10.00 %")


def test_wrong_usage_is_two_and_help_is_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(signals, RULES, read_prices, []) == 2
    assert run(signals, RULES, read_prices, ["--nonsense", "x"]) == 2
    assert run(signals, RULES, read_prices, ["--help"]) == 0


def broken(prices: dict[str, Any]) -> dict[str, Any]:
    return {"buy": prices["close"] / 0 > "x"}


def unreadable(*_: object) -> Panel:
    raise ValueError("Row 7 of prices.csv has no date; correct it.")


def test_every_trouble_is_a_sentence_and_exit_code_one(
    files: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    prices, config = files
    good = [prices, "--config", str(config)]
    cases: list[tuple[Any, Any, Any, list[str], str]] = [
        (broken, RULES, read_prices, good, "The strategy stopped"),
        (signals, {"legs": []}, read_prices, good, "legs"),
        (signals, RULES, unreadable, good, "Row 7"),
        (signals, RULES, read_prices, ["nowhere.csv", "--config", str(config)], "nowhere.csv"),
        (signals, RULES, read_prices, [prices, "--config", "nowhere.json"], "nowhere.json"),
        (lambda prices: {}, RULES, read_prices, good, "buy"),
    ]
    for text, rules, reader, arguments, word in cases:
        with np.errstate(all="ignore"):
            assert run(text, rules, reader, arguments) == 1
        output = capsys.readouterr()
        assert word in output.err
        assert "Traceback" not in output.err
        assert output.out == ""
    for content, word in (("{", "not JSON"), ('{"slippage": 5}', "slippage"), ('{"stock_pool": ["Z"]}', "Z"),
                          ('{"benchmark": "SPY"}', "SPY"), ("[" * 100_000, "JSON")):  # fmt: skip
        config.write_text(content)
        assert run(signals, RULES, read_prices, good) == 1
        assert word in capsys.readouterr().err


ALONE = """
import builtins, runpy, sys
sys.path.insert(0, ".")
sys.argv = ["strategy.py", "A.csv", "--json"]
real = builtins.__import__
def guard(name, *rest):
    assert not name.startswith("builder_app"), name
    return real(name, *rest)
builtins.__import__ = guard
runpy.run_path("strategy.py", run_name="__main__")
"""


def test_engine_works_alone_in_a_folder_where_this_program_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    folder.mkdir()
    for name, text in engine_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "config.json").write_text(json.dumps(config_document(TestConfig())))
    (tmp_path / "prices.py").write_text(
        "from types import SimpleNamespace\nimport numpy as np\n"
        "def read_prices(paths, stock_pool, start_date, end_date):\n"
        "    one = np.full((40, 1), 10.0)\n"
        "    times = np.datetime64('2020-01-01', 'ns') + np.arange(40) * np.timedelta64(1, 'D')\n"
        "    return SimpleNamespace(symbols=('A',), times=times, open=one, high=one, low=one, close=one, volume=one,\n"
        "                           fingerprint='f')\n"
    )
    (tmp_path / "strategy.py").write_text(
        f"RULES = {RULES!r}\n"
        "def signals(prices):\n    return {'buy': prices['close'] > 5, 'sell': prices['close'] > 50}\n"
        "if __name__ == '__main__':\n"
        "    from engine import run\n    from prices import read_prices\n"
        "    raise SystemExit(run(signals, RULES, read_prices))\n"
    )
    (tmp_path / "A.csv").write_text("")
    command = [sys.executable, "-I", "-c", ALONE]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["trade_count"] == 1


def test_engine_files_are_the_files_that_run_here() -> None:
    folder = Path(run.__code__.co_filename).parent
    assert {name: text.encode() for name, text in engine_files().items()} == {
        path.name: path.read_bytes() for path in folder.glob("*.py")
    }


def test_configuration_survives_its_document() -> None:
    config = TestConfig(stock_pool=("A", "B"), benchmark="B", intrabar_order=IntrabarOrder.TARGET_FIRST, seed=3)
    assert config_from(json.loads(json.dumps(config_document(config)))) == (config, ())
