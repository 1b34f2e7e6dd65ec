"""Test set-ups that cannot be used, and wrong usage."""

import pytest

from tests.cli.terminal import Terminal

BAD: dict[str, tuple[str | bytes, list[str]]] = {
    "broken": ('{"initial_capital": ', ["test.json", "line 1"]),
    "list": ("[]", ["test.json", "JSON object"]),
    "unknown-field": ('{"comission_rate": 0.1}', ["“comission_rate”", "did you mean commission_rate?"]),
    "twice": ('{"seed": 1, "seed": 2}', ["seed", "more than once"]),
    "huge-number": ('{"initial_capital": 1' + "0" * 400 + "}", ["initial_capital", "must be money"]),
    "huge-integer": ('{"initial_capital": 1' + "0" * 308 + "}", ["initial_capital"]),
    "infinite": ('{"initial_capital": 1e999}', ["initial_capital", "must be money"]),
    "no-capital": ('{"initial_capital": 0}', ["initial_capital", "above zero"]),
    "whole-commission": ('{"commission_rate": 0.75}', ["commission_rate", "0.5"]),
    "dates": ('{"start_date": "2011-01-01", "end_date": "2010-01-01"}', ["2011-01-01", "after its end"]),
    "day": ('{"start_date": "31.12.2010"}', ["start_date", "2010-12-31"]),
    "frequency": ('{"frequency": "minute"}', ["frequency", "daily"]),
    "twice-in-pool": ('{"stock_pool": ["IBM", "IBM"]}', ["IBM", "once"]),
    "not-utf-8": (b"\xff\xfe{}", ["test.json", "UTF-8"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_set_up_is_refused_with_a_sentence(terminal: Terminal, name: str) -> None:
    content, words = BAD[name]
    terminal.file("test.json", content)
    answer = terminal("run", "rsi_reversal", "--config", "test.json")
    assert answer.code == 1
    assert answer.out == ""
    assert all(word in answer.err for word in words), answer.err
    assert "fault of Strategy Builder" not in answer.err
    in_json = terminal("export", "rsi_reversal", "--config", "test.json", "-o", "given", "--json")
    assert in_json.code == 1
    assert in_json.err == ""
    assert in_json.document["problems"]
    assert not (terminal.folder / "given").exists()


def test_missing_set_up_is_said(terminal: Terminal) -> None:
    answer = terminal("run", "rsi_reversal", "--config", "no.json")
    assert answer.code == 1
    assert "There is no file or folder 'no.json'" in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "required: FLOW.json"),
        (["run", "a.json", "--speed"], "--speed"),
        (["run", "a.json", "--js"], "--js"),
        (["generate", "a.json"], "-o"),
        (["export", "a"], "-o"),
        (["data"], "ACTION"),
        (["data", "import"], "FILE"),
        (["data", "eat"], "eat"),
        (["fly"], "fly"),
        (["data", "check", "X.csv", "--column", "Price"], "'Price' says no meaning; write NAME=MEANING"),
        (["data", "import", "X.csv", "--column", "Price=dear"], "A column cannot mean 'dear'; it may mean date, clock"),
        (["data", "check", "X.csv", "--zone", "Mars/Olympus"], "'Mars/Olympus' is no time zone"),
        (["data", "check", "X.csv", "--zone", ""], "'' is no time zone"),
        (["data", "fetch", "AAPL", "--start", "2021-01-01", "--end", "2020-01-01"], "is after --end 2020-01-01"),
        (["data", "group", "--remove"], "data group NAME --remove"),
        (["data", "group", "Tech", "AAPL", "--remove"], "data group NAME --remove"),
        (["data", "repairs", "AAPL", "--undo", "0"], "'0' is not a number from 1 on"),
        (["generate", "rsi_reversal", "-o", "x", "--target", "zipline"], "Did you mean 'zipline-reloaded'?"),
        (["export", "rsi_reversal", "-o", "x", "--target", ""], "There is no target ''; it may be standalone, "),
    ],
)
def test_wrong_usage_is_code_2_with_a_usage_line(terminal: Terminal, arguments: list[str], words: str) -> None:
    answer = terminal(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("usage: strategy-builder")
    assert words in answer.err
