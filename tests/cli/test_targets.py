"""generate and export for other engines."""

import pytest

from builder_app.session.code.targets import CHOICES
from tests.cli.terminal import SAMPLE, Terminal
from tests.session.code.lying import lie


def test_generate_writes_for_the_engine_that_is_named(terminal: Terminal) -> None:
    answer = terminal("generate", "rsi_reversal", "--target", "backtrader", "-o", "made")
    assert answer.code == 0, answer.err
    assert "import backtrader as bt" in (terminal.folder / "made" / "strategy.py").read_text(encoding="utf-8")
    assert "The strategy in the code for backtrader equals the picture on " in answer.out
    again = terminal("generate", "rsi_reversal", "--target", "nautilus_trader", "-o", "made")
    assert again.code == 0, "its own file may be written anew"


def test_a_refusal_names_the_engine_and_the_block(terminal: Terminal) -> None:
    answer = terminal("generate", "rsi_reversal", "--target", "qlib", "-o", "made", "--json")
    assert answer.code == 1
    (first, *_) = answer.document["problems"]
    assert "Qlib cannot say" in first["message"]
    assert not (terminal.folder / "made").exists()


def test_an_unknown_engine_is_a_wrong_usage_said_with_those_there_are(terminal: Terminal) -> None:
    for command in (["generate", "--json"], ["export"]):
        answer = terminal(*command, "no_such_flow", "-o", "made", "--target", "metatrader")
        assert answer.code == 2
        assert answer.out == ""
        assert answer.err.startswith("usage: strategy-builder ")
        known = ", ".join(choice.name for choice in CHOICES)
        assert f"argument --target: There is no target 'metatrader'; it may be {known}.\n" in answer.err


def test_a_flow_that_an_engine_refuses_is_no_wrong_usage(terminal: Terminal) -> None:
    answer = terminal("export", "rsi_reversal", "--target", "qlib", "-o", "made", "--prices", SAMPLE)
    assert answer.code == 1
    assert "The strategy was not exported. The block '" in answer.err
    assert "Qlib cannot say" in answer.err
    assert not (terminal.folder / "made").exists()


def test_export_writes_a_folder_for_the_engine(terminal: Terminal) -> None:
    answer = terminal("export", "rsi_reversal", "--target", "backtrader", "-o", "given", "--prices", SAMPLE)
    assert answer.code == 0, answer.err
    assert (terminal.folder / "given" / "expected_trades.csv").exists()
    assert "backtrader" in (terminal.folder / "given" / "requirements.txt").read_text()
    assert "The strategy in the code for backtrader equals the picture on " in answer.out
    assert "README.md there says how to run it." in answer.out
    assert "python strategy.py prices.csv" in (terminal.folder / "given" / "README.md").read_text(encoding="utf-8")
    wish = ("--prices", SAMPLE, "--without-prices", "--json")
    as_json = terminal("export", "rsi_reversal", "--target", "backtrader", "-o", "2", *wish)
    assert "python strategy.py PRICES.csv" in (terminal.folder / "2" / "README.md").read_text(encoding="utf-8")
    assert as_json.document["certificate"].startswith("The strategy in the code for backtrader equals the picture")


def test_a_text_for_an_engine_that_is_not_what_is_drawn_is_not_written(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie(monkeypatch, "= crossed_below(", "= crossed_above(", "backtrader")
    named = ("moving_average_crossover",)
    for command in (["generate"], ["export"]):
        for wish in ([], ["--json"]):
            answer = terminal(*command, *named, "--target", "backtrader", "-o", "made", *wish)
            assert answer.code == 1
            assert "for backtrader differs from the picture: '" in (answer.out if wish else answer.err)
            assert list(terminal.folder.iterdir()) == []
