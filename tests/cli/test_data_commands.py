"""The library of prices on the terminal."""

import json
import re
import subprocess
import sys

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


def with_split(symbol: str = "ABC") -> list[str]:
    """Sixty quiet days with a split of 2 for 1 that the prices do not show."""
    lines = []
    for day in range(60):
        date = f"2020-{1 + day // 28:02}-{1 + day % 28:02}"
        price = (100 + day % 3) / (2 if day >= 40 else 1)
        lines.append(f"{symbol},{date},{price},{price + 1},{price - 1},{price + 0.5},1000")
    return lines


def test_check_says_what_is_wrong_and_keeps_nothing(terminal: Terminal) -> None:
    path = terminal.file("ABC.csv", prices([*rows(), rows()[3]]))
    answer = terminal("data", "check", path)
    assert answer.code == 1
    assert "ABC has 2 rows with a date that another row has too" in answer.out
    assert "Repair: keep the last." in answer.out
    found = terminal("data", "check", path, "--json").document
    assert [(one["kind"], one["error"], one["proposed"]) for one in found["findings"]] == [
        ("repeated date", True, True)
    ]
    assert "ABC" not in terminal("data", "list").out
    sound = terminal("data", "check", terminal.file("OK.csv", prices(rows())))
    assert (sound.code, sound.out) == (0, "Nothing wrong was found in the prices of ABC.\n")


def test_import_repairs_what_it_is_told_to_and_each_repair_can_be_undone(terminal: Terminal) -> None:
    path = terminal.file("ABC.csv", prices(with_split()))
    told = terminal("data", "import", path)
    assert told.code == 0
    assert "a split of 2 for 1 that the prices do not show" in told.err
    assert "import again with --repair" in told.err
    raw = terminal("data", "list", "--json").document[0]["fingerprint"]
    assert "1 repair was made" in terminal("data", "import", path, "--repair").err
    listed = terminal("data", "repairs", "ABC")
    assert listed.out.startswith("1  ")
    assert "adjust what is before (split not adjusted)" in listed.out
    assert terminal("data", "list", "--json").document[0]["fingerprint"] != raw
    assert terminal("data", "repairs", "ABC", "--undo", "1").out == "Repair 1 of ABC was undone.\n"
    assert terminal("data", "list", "--json").document[0]["fingerprint"] == raw
    assert "No repair was made" in terminal("data", "repairs", "ABC").out
    refused = terminal("data", "repairs", "ABC", "--undo", "7")
    assert (refused.code, "no such repair" in refused.err) == (1, True)


def test_columns_and_styles_may_be_said(terminal: Terminal) -> None:
    text = "When;First;Top;Bottom;End\n01/02/2020;1.250;1.300;1.200;1.250\n03/02/2020;1.250;1.300;1.200;1.250\n"
    path = terminal.file("odd.csv", text)
    said = ["When=date", "First=open", "Top=high", "Bottom=low", "End=close"]
    columns = [part for column in said for part in ("--column", column)]
    assert "no column for date" in terminal("data", "import", path).err
    styles = ("--dates", "day-first", "--decimal", "comma")
    assert terminal("data", "import", path, *columns, *styles).code == 0
    (info,) = terminal("data", "list", "--json").document
    assert (info["symbol"], info["start"], info["end"]) == ("odd", "2020-02-01", "2020-02-03")
    assert "A column cannot mean 'price'" in terminal("data", "check", path, "--column", "End=price").err
    assert "has a column named 'Nothing'" in terminal("data", "check", path, "--column", "Nothing=date").err


def test_deleted_symbols_come_back(terminal: Terminal) -> None:
    before = terminal("data", "list", "--json").document
    answer = terminal("data", "delete", "IBM", "FB")
    assert answer.out == "Deleted FB, IBM. To have them back: strategy-builder data restore FB IBM.\n"
    assert len(terminal("data", "list", "--json").document) == 3
    assert "did you mean AAPL" in terminal("data", "delete", "AAPLE").err
    assert terminal("data", "restore", "IBM", "FB").code == 0
    assert terminal("data", "list", "--json").document == before
    assert "There is no symbol IBM in what was deleted" in terminal("data", "restore", "IBM").err


def test_an_update_reads_the_file_again(terminal: Terminal) -> None:
    path = terminal.file("ABC.csv", prices(rows()))
    terminal("data", "import", path)
    terminal.file("ABC.csv", prices(rows(count=25)))
    assert terminal("data", "update").out == "Brought up to date: ABC.\n"
    assert terminal("data", "list", "--json").document[0]["bars"] == 25


def test_raw_prices_are_tested_on_where_that_is_said(terminal: Terminal) -> None:
    before = terminal("data", "list", "--json").document[0]["fingerprint"]
    assert "raw prices of AAPL" in terminal("data", "raw", "AAPL").out
    assert terminal("data", "list", "--json").document[0]["fingerprint"] != before
    assert terminal("data", "raw", "AAPL", "--off").code == 0
    assert terminal("data", "list", "--json").document[0]["fingerprint"] == before


def test_groups_and_sectors_are_kept(terminal: Terminal) -> None:
    assert "There are no groups" in terminal("data", "group").out
    assert terminal("data", "group", "Tech", "AAPL", "MSFT").code == 0
    table = terminal.file("table.csv", "symbol,sector\nAAPL,Technology\nXOM,Energy\n")
    assert "Sectors of 2 symbols" in terminal("data", "sectors", table, "--group", "Mine").out
    assert terminal("data", "group", "--json").document == {"Tech": ["AAPL", "MSFT"], "Mine": ["AAPL", "XOM"]}
    assert terminal("data", "group", "Tech", "--remove").code == 0
    assert "There is no group 'Tech'; the groups are Mine." in terminal("data", "group", "Tech", "--remove").err


def test_a_group_is_the_pool_of_a_test_where_the_set_up_names_it(terminal: Terminal) -> None:
    terminal("data", "sample")
    terminal("data", "group", "computers", "IBM", "AAPL")
    by_group = terminal.file("group.json", {"stock_pool": ["computers", "AAPL", "MSFT"]})
    by_symbol = terminal.file("symbols.json", {"stock_pool": ["IBM", "AAPL", "MSFT"]})
    answers = [
        terminal("run", "moving_average_crossover", "--config", path, "--json") for path in (by_group, by_symbol)
    ]
    assert answers[0].code == 0, answers[0].err
    assert answers[0].document["symbols"] == ["IBM", "AAPL", "MSFT"]
    assert answers[0].document["metrics"] == answers[1].document["metrics"]
    terminal("export", "moving_average_crossover", "--config", by_group, "-o", terminal.folder / "given")
    assert json.loads((terminal.folder / "given" / "config.json").read_text())["stock_pool"] == ["IBM", "AAPL", "MSFT"]
    unknown = terminal.file("unknown.json", {"stock_pool": ["laptops"]})
    answer = terminal("run", "moving_average_crossover", "--config", unknown)
    assert (answer.code, "There is no symbol laptops in the library" in answer.err) == (1, True)


def test_weekly_bars_are_tested_on_where_the_set_up_says_so(terminal: Terminal) -> None:
    config = terminal.file("weekly.json", {"frequency": "weekly", "stock_pool": ["AAPL", "IBM"]})
    answer = terminal("run", "moving_average_crossover", "--config", config)
    assert answer.code == 0, answer.err
    assert "the weekly bars were made of its daily ones" in answer.out
    minutes = terminal.file("minutes.json", {"frequency": "5min", "stock_pool": ["AAPL"]})
    refused = terminal("run", "moving_average_crossover", "--config", minutes)
    assert (refused.code, "AAPL has daily bars, and 5min ones cannot be made" in refused.err) == (1, True)


def test_an_exported_folder_of_weekly_bars_prints_the_same_figures(terminal: Terminal) -> None:
    config = terminal.file("weekly.json", {"frequency": "weekly", "stock_pool": ["AAPL", "FB"]})
    answer = terminal("export", "moving_average_crossover", "--config", config, "-o", terminal.folder / "given")
    assert answer.code == 0, answer.err
    command = [sys.executable, "strategy.py", "prices.csv"]
    ran = subprocess.run(command, cwd=terminal.folder / "given", capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
