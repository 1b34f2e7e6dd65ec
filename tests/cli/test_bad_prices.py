"""Prices that cannot be used, or not as they stand: each gives a sentence, and the library stays as it was."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, everything_in

HEADER = "Symbol,Date,Open,High,Low,Close,Volume\n"


def rows(symbol: str = "ABC", first: int = 1, count: int = 20) -> list[str]:
    return [
        f"{symbol},2020-01-{day:02},{day + 10},{day + 12},{day + 9},{day + 11},1000"
        for day in range(first, first + count)
    ]


def prices(lines: list[str]) -> str:
    return HEADER + "\n".join(lines) + "\n"


def replaced(place: int, line: str) -> str:
    lines = rows()
    lines[place] = line
    return prices(lines)


BAD: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", ["abc.csv is empty", "line of column names"]),
    "no-rows": (HEADER, ["abc.csv", "no rows"]),
    "no-columns": ("a,b\n1,2\n", ["abc.csv has no column for", "Name the columns"]),
    "duplicate-date": (prices([*rows(), rows()[3]]), ["abc.csv", "2020-01-04", "line"]),
    "nan": (replaced(4, "ABC,2020-01-05,15,17,14,NaN,1000"), ["abc.csv, line 6", "2020-01-05", "close"]),
    "text": (replaced(4, "ABC,2020-01-05,15,17,14,much,1000"), ["abc.csv, line 6", "'much'", "must be a number"]),
    "zero": (replaced(4, "ABC,2020-01-05,15,17,0,16,1000"), ["abc.csv, line 6", "low"]),
    "negative": (replaced(4, "ABC,2020-01-05,15,17,-14,16,1000"), ["abc.csv, line 6", "low"]),
    "negative-volume": (replaced(4, "ABC,2020-01-05,15,17,14,16,-1"), ["abc.csv, line 6", "volume"]),
    "high-below-low": (replaced(4, "ABC,2020-01-05,15,13,14,16,1000"), ["abc.csv, line 6", "high"]),
    "infinite": (replaced(4, "ABC,2020-01-05,15,inf,14,16,1000"), ["abc.csv, line 6"]),
    "no-date": (replaced(4, "ABC,,15,17,14,16,1000"), ["abc.csv, line 6", "no date"]),
    "wrong-date": (replaced(4, "ABC,yesterday,15,17,14,16,1000"), ["abc.csv, line 6", "yesterday"]),
    "short-row": (replaced(4, "ABC,2020-01-05,15"), ["abc.csv, line 6", "3 values for 7 columns"]),
    "binary": (b"PK\x03\x04\x00\x00\xff\xfe", ["abc.csv", "UTF-8"]),
    "damaged-gzip": (b"\x1f\x8b\x08\x00broken", ["abc.csv", "damaged gzip"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_prices_are_refused_with_a_sentence_wherever_they_are_read(terminal: Terminal, name: str) -> None:
    content, words = BAD[name]
    terminal("data", "import", terminal.file("good.csv", prices(rows("GOOD"))))
    library = everything_in(terminal.home / "prices")
    terminal.file("abc.csv", content)
    for command in (
        ("run", "moving_average_crossover", "--prices", "abc.csv"),
        ("export", "moving_average_crossover", "--prices", "abc.csv", "-o", "given"),
        ("data", "import", "abc.csv"),
        ("data", "import", "good.csv", "abc.csv"),
    ):
        answer = terminal(*command)
        assert answer.code == 1
        assert answer.out == ""
        assert all(word in answer.err for word in words), answer.err
        assert all(line.startswith("error: ") and line.endswith(".") for line in answer.err.splitlines())
        in_json = terminal(*command, "--json")
        assert in_json.code == 1
        assert in_json.err == ""
        assert {problem["rule"] for problem in in_json.document["problems"]} == {"prices"}
    assert everything_in(terminal.home / "prices") == library
    assert sorted(path.name for path in terminal.folder.iterdir()) == ["abc.csv", "good.csv"]


def test_missing_price_file_is_said(terminal: Terminal) -> None:
    for command in (("run", "rsi_reversal", "--prices", "no.csv"), ("data", "import", "no.csv")):
        answer = terminal(*command)
        assert answer.code == 1
        assert "There is no file no.csv" in answer.err


def test_folder_without_price_files_is_said(terminal: Terminal) -> None:
    answer = terminal("data", "import", terminal.folder)
    assert answer.code == 1
    assert "has no CSV files" in answer.err


def test_unsorted_rows_are_sorted_and_said(terminal: Terminal) -> None:
    reversed_rows = terminal("run", "rsi_reversal", "--prices", terminal.file("ABC.csv", prices(rows()[::-1])))
    sorted_rows = terminal("run", "rsi_reversal", "--prices", terminal.file("ABC.csv", prices(rows())), "--json")
    assert reversed_rows.code == 0
    assert "The rows of ABC in ABC.csv were not in order of date; they were sorted." in reversed_rows.out
    assert f"prices {sorted_rows.document['data_fingerprint'][:12]}" in reversed_rows.out


def test_gaps_are_said_and_are_no_prices(terminal: Terminal) -> None:
    with_gap = [line for number, line in enumerate(rows("GAP")) if number not in (5, 6)]
    terminal.file("both.csv", prices([*rows(), *with_gap]))
    answer = terminal("run", "rsi_reversal", "--prices", "both.csv", "--json")
    assert answer.code == 0
    assert "GAP lacks 2 bars between its first and its last; they are gaps, not prices." in answer.document["notes"]


def test_misspelt_symbol_is_guessed(terminal: Terminal) -> None:
    answer = terminal("run", "rsi_reversal", "--config", terminal.file("test.json", '{"stock_pool": ["APPL"]}'))
    assert answer.code == 1
    assert answer.err == "error: There is no symbol APPL in the library; did you mean AAPL?\n"


def test_misspelt_benchmark_is_guessed(terminal: Terminal) -> None:
    content = '{"stock_pool": ["AAPL"], "benchmark": "IMB"}'
    answer = terminal("run", "rsi_reversal", "--config", terminal.file("test.json", content))
    assert answer.code == 1
    assert "did you mean IBM?" in answer.err


def test_unknown_benchmark_of_the_whole_library_is_said(terminal: Terminal) -> None:
    answer = terminal("run", "rsi_reversal", "--config", terminal.file("test.json", '{"benchmark": "SPY"}'), "--json")
    assert answer.code == 1
    assert "SPY" in answer.document["problems"][-1]["message"]


def test_range_without_bars_says_how_far_the_prices_run(terminal: Terminal) -> None:
    content = '{"stock_pool": ["FB"], "start_date": "2001-01-01", "end_date": "2001-12-31"}'
    for path in (None, "fb.csv"):
        if path:
            terminal.file(path, prices(rows("FB")))
        files = ("--prices", path) if path else ()
        answer = terminal("run", "rsi_reversal", *files, "--config", terminal.file("test.json", content))
        assert answer.code == 1
        assert "FB has no bars from 2001-01-01 up to 2001-12-31; its prices run from" in answer.err
        assert "Choose other dates" in answer.err


def test_damaged_file_of_the_library_is_named(terminal: Terminal) -> None:
    terminal("data", "list")
    (damaged,) = Path(terminal.home, "prices").glob("IBM*")
    damaged.write_bytes(b"not a library file")
    listed = terminal("data", "list")
    assert listed.code == 0
    assert "IBM" in listed.err
    assert "IBM" not in listed.out
    answer = terminal("run", "rsi_reversal", "--config", terminal.file("test.json", '{"stock_pool": ["IBM"]}'))
    assert answer.code == 1
    assert "IBM" in answer.err
