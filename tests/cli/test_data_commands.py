"""The library of prices on the terminal."""

import re

from tests.cli.terminal import Terminal
from tests.cli.test_bad_prices import prices, rows


def test_list_of_a_fresh_home_shows_the_sample(terminal: Terminal) -> None:
    answer, document = terminal("data", "list"), terminal("data", "list", "--json").document
    assert [info["symbol"] for info in document] == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
    assert [info["bars"] for info in document] == [3270, 196, 2148, 3270, 3270]
    head, *lines = answer.out.splitlines()
    assert head.split() == ["Symbol", "Bars", "are", "From", "To", "Bars", "Source"]
    assert len(lines) == 5
    assert {line.index(" 2013-03-01") for line in lines} == {head.index(" To")}
    assert all(re.fullmatch(r"\S+ +daily +[\d-]{10} +[\d-]{10} +[\d,]+ +stocks\.csv\.gz", line) for line in lines)


def test_import_into_a_fresh_home_brings_only_the_strategists_own_prices(terminal: Terminal) -> None:
    answer = terminal("data", "import", terminal.file("ABC.csv", prices(rows())))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Imported ABC.\n")
    assert [info["symbol"] for info in terminal("data", "list", "--json").document] == ["ABC"]
    assert terminal("run", "rsi_reversal", "--json").document["symbols"] == ["ABC"]


def test_import_again_says_what_was_replaced(terminal: Terminal) -> None:
    path = terminal.file("ABC.csv", prices([*rows(), *rows("XYZ")]))
    terminal("data", "import", path)
    terminal.file("ABC.csv", prices(rows()[:10]))
    assert "(ABC were there before" not in terminal("data", "list").out
    answer = terminal("data", "import", path, "--json")
    assert answer.document == {"problems": [], "imported": ["ABC"], "replaced": ["ABC"], "remarks": []}
    assert terminal("data", "import", path).out.startswith("Imported ABC (ABC was there before, and was replaced).\n")
    bars = {info["symbol"]: info["bars"] for info in terminal("data", "list", "--json").document}
    assert bars == {"ABC": 10, "XYZ": 20}


def test_sample_leaves_own_prices_of_the_same_symbol_alone(terminal: Terminal) -> None:
    terminal("data", "import", terminal.file("IBM.csv", prices(rows("IBM"))))
    answer = terminal("data", "sample")
    assert answer.code == 0
    assert "IBM was in the library already; it was left as it is." in answer.err
    bars = {info["symbol"]: info["bars"] for info in terminal("data", "list", "--json").document}
    assert bars["IBM"] == 20
    assert bars["AAPL"] == 3270


def test_remarks_of_an_import_are_said(terminal: Terminal) -> None:
    answer = terminal("data", "import", terminal.file("ABC.csv", prices(rows()[::-1])))
    assert answer.code == 0
    assert "they were sorted" in answer.err


def test_replaced_sample_prices_come_back_as_the_remark_says(terminal: Terminal) -> None:
    terminal("data", "sample")
    before = terminal("data", "list", "--json").document
    path = terminal.file("own.csv", prices([*rows("IBM"), *rows("MSFT"), *rows("OWN")]))
    answer = terminal("data", "import", path)
    sentence = "The sample prices of IBM, MSFT were replaced; to put them back: strategy-builder data sample --replace."
    assert answer.err == f"{sentence}\n"
    assert "(IBM, MSFT were there before, and were replaced)." in answer.out
    assert terminal("data", "import", path, "--json").document["remarks"] == []
    back = terminal("data", "sample", "--replace", "--json").document
    assert {"IBM", "MSFT"} <= set(back["replaced"])
    after = {info["symbol"]: info for info in terminal("data", "list", "--json").document}
    assert [after[info["symbol"]] for info in before] == before
    assert after["OWN"]["bars"] == 20


def test_an_import_of_many_symbols_names_twenty(terminal: Terminal) -> None:
    lines = [line for number in range(22) for line in rows(f"S{number:02}", count=3)]
    answer = terminal("data", "import", terminal.file("many.csv", prices(lines)))
    assert "S18, S19, … and 2 more.\n" in answer.out.partition("Symbol")[0]
