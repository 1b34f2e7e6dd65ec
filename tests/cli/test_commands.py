"""run, generate and export on strategies that work."""

import copy
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from builder_app import __version__
from builder_app.flow.codec import decode
from builder_app.main import open_user_store
from builder_app.quicktest.engine.run import shown
from builder_app.session import METRIC_DEFINITIONS
from builder_app.session.drafts.stored_flow import split_flow
from tests.cli.terminal import CROSSOVER, EXAMPLES, SAMPLE, Terminal, crossover, everything_in
from tests.cli.test_bad_prices import prices, rows


def save(name: str) -> str:
    """Save the example in the user's store; its id."""
    logic_flow, parameters = split_flow(decode(crossover(name=name)))
    store = open_user_store()
    try:
        return store.strategies.create(name, logic_flow, parameters).id
    finally:
        store.close()


def test_version_is_said(terminal: Terminal) -> None:
    answer = terminal("--version")
    assert (answer.code, answer.out) == (0, f"strategy-builder {__version__}\n")


def test_run_prints_every_metric_that_json_holds(terminal: Terminal) -> None:
    table, document = terminal("run", CROSSOVER), terminal("run", CROSSOVER, "--json").document
    assert table.code == 0
    assert table.err == ""
    assert set(document["metrics"]) == {definition.name for definition in METRIC_DEFINITIONS}
    for definition in METRIC_DEFINITIONS:
        value = document["metrics"][definition.name]
        figure = shown(definition.name, float("nan") if value is None else value)
        (line,) = [line for line in table.out.splitlines() if line.startswith(f"{definition.title}  ")]
        assert line.split("  ")[-1].strip() == figure
        assert len(line) == len(table.out.splitlines()[2])
    assert table.out.startswith("Moving average crossover: AAPL FB GOOG IBM MSFT, 2000-03-01 to 2013-03-01\n")


def test_run_finds_an_example_by_its_name_and_a_file_by_its_path(terminal: Terminal) -> None:
    by_name = terminal("run", "rsi_reversal", "--json").document
    by_path = terminal("run", EXAMPLES / "rsi_reversal.flow.json", "--json").document
    assert by_name["metrics"] == by_path["metrics"]
    assert by_name["strategy"] == "RSI reversal"


def test_file_in_the_folder_goes_before_an_example_of_its_name(terminal: Terminal) -> None:
    terminal.file("rsi_reversal", crossover(name="Mine"))
    assert terminal("run", "rsi_reversal", "--json").document["strategy"] == "Mine"


def test_set_up_is_obeyed(terminal: Terminal) -> None:
    content = {"stock_pool": ["MSFT", "AAPL"], "start_date": "2005-01-03", "end_date": "2009-12-31", "benchmark": "IBM"}
    document = terminal("run", "rsi_reversal", "--config", terminal.file("test.json", content), "--json").document
    assert document["symbols"] == ["MSFT", "AAPL"]
    assert (document["start"], document["end"]) == ("2005-01-03", "2009-12-31")
    assert {name: document["config"][name] for name in content} == content
    costless = terminal(
        "run", "rsi_reversal", "--json", "--config",
        terminal.file("free.json", {**content, "commission_rate": 0.0, "slippage": 0.0}),
    ).document  # fmt: skip
    assert costless["metrics"]["costs_paid"] == 0
    assert document["metrics"]["costs_paid"] > 0


def test_prices_of_files_give_what_the_library_gives(terminal: Terminal) -> None:
    library = terminal("run", "rsi_reversal", "--json").document
    files = terminal("run", "rsi_reversal", "--prices", SAMPLE, "--json").document
    assert files["data_fingerprint"] == library["data_fingerprint"]
    assert files["metrics"] == library["metrics"]


def test_warnings_go_to_standard_error_and_the_test_runs(terminal: Terminal) -> None:
    document = copy.deepcopy(crossover())
    gone = {"size", "stop", "limit"}
    document["nodes"] = [node for node in document["nodes"] if node["id"] not in gone]
    document["edges"] = [
        edge for edge in document["edges"] if not {edge["source"]["node"], edge["target"]["node"]} & gone
    ]
    path = terminal.file("unsized.flow.json", document)
    answer = terminal("run", path)
    assert answer.code == 0
    assert "warning:" in answer.err
    assert "10 %" in answer.err
    in_json = terminal("run", path, "--json")
    assert in_json.code == 0
    assert in_json.err == ""
    assert "warning" in {problem["severity"] for problem in in_json.document["problems"]}
    assert in_json.document["metrics"]


def test_generate_writes_the_text_whose_hash_it_says(terminal: Terminal) -> None:
    answer = terminal("generate", "rsi_reversal", "-o", "made/here")
    assert answer.code == 0
    text = (terminal.folder / "made" / "here" / "strategy.py").read_bytes()
    assert hashlib.sha256(text).hexdigest() in answer.out
    again = terminal("generate", "rsi_reversal", "-o", "made/here", "--json").document
    assert again["code_hash"] == hashlib.sha256(text).hexdigest()
    assert again["status"] == "VALID"
    assert again["certificate"].startswith("The code equals the picture on ")
    assert again["certificate"] in answer.out
    assert Path(again["file"]).read_bytes() == text
    assert sorted(everything_in(terminal.folder)) == ["made/here/strategy.py"]


def test_generate_leaves_a_file_alone_that_it_did_not_write(terminal: Terminal) -> None:
    (terminal.folder / "made").mkdir()
    own = terminal.file("made/strategy.py", "print('my own work')\n")
    answer = terminal("generate", "rsi_reversal", "-o", "made")
    assert answer.code == 1
    assert "was not written by Strategy Builder" in answer.err
    assert own.read_text() == "print('my own work')\n"


def test_generate_into_a_file_is_said(terminal: Terminal) -> None:
    terminal.file("made", "a file")
    answer = terminal("generate", "rsi_reversal", "-o", "made")
    assert answer.code == 1
    assert answer.err == "error: 'made' is a file, where a folder is needed. Name another place.\n"
    below = terminal("generate", "rsi_reversal", "-o", "made/below", "--json")
    assert below.code == 1
    assert "there is a file in its way" in below.document["problems"][0]["message"]


def test_export_says_what_it_wrote(terminal: Terminal) -> None:
    answer = terminal("export", "rsi_reversal", "-o", "given")
    assert (answer.code, answer.err) == (0, "")
    certificate, said = answer.out.splitlines()
    assert certificate.startswith("The code equals the picture on ")
    assert said == "'RSI reversal' was written to given. Run it there: python strategy.py prices.csv"
    without = terminal("export", "rsi_reversal", "-o", "bare", "--without-prices", "--json").document
    assert without["folder"] == "bare"
    assert not (terminal.folder / "bare" / "prices.csv").exists()
    assert without["metrics"]
    assert without["certificate"] == certificate


def test_export_expects_what_run_says(terminal: Terminal) -> None:
    terminal("export", "bollinger_long_short", "-o", "given")
    expected = json.loads((terminal.folder / "given" / "expected.json").read_text(encoding="utf-8"))
    said = terminal("run", "bollinger_long_short", "--json").document
    for name in ("metrics", "data_fingerprint", "code_hash", "flow_hash", "trades"):
        assert said[name] == expected[name]


def test_export_of_own_price_files_takes_them_along(terminal: Terminal) -> None:
    path = terminal.file("own.csv", prices([*rows(), *rows("XYZ")]))
    document = terminal("export", "rsi_reversal", "--prices", path, "-o", "given", "--json").document
    assert document["symbols"] == ["ABC", "XYZ"]
    again = terminal("run", "rsi_reversal", "--prices", "given/prices.csv", "--json").document
    assert again["data_fingerprint"] == document["data_fingerprint"]
    assert not terminal.home.exists()


def test_export_never_overwrites(terminal: Terminal) -> None:
    (terminal.folder / "given").mkdir()
    terminal.file("given/notes.txt", "mine")
    terminal.file("taken", "mine")
    for place in ("given", "taken"):
        before = everything_in(terminal.folder)
        answer = terminal("export", "rsi_reversal", "-o", place)
        assert answer.code == 1
        assert "is not an empty folder" in answer.err
        assert everything_in(terminal.folder) == before


def test_export_finds_a_saved_strategy_by_name_and_by_id(terminal: Terminal) -> None:
    id = save("My crossover")
    for place, name in (("one", "My crossover"), ("two", id)):
        assert terminal("export", name, "-o", place).code == 0
    assert everything_in(terminal.folder / "one") == everything_in(terminal.folder / "two")
    misspelt = terminal("export", "My crosover", "-o", "three")
    assert misspelt.code == 1
    assert "Did you mean 'My crossover'?" in misspelt.err
    save("My crossover")
    twice = terminal("export", "My crossover", "-o", "three", "--json")
    assert twice.code == 1
    assert id in twice.document["problems"][0]["message"]


def test_store_that_cannot_be_opened_is_said(terminal: Terminal) -> None:
    terminal.home.mkdir()
    (terminal.home / "strategies.db").mkdir()
    answer = terminal("export", "My crossover", "-o", "given")
    assert answer.code == 1
    assert "strategies.db" in answer.err
    assert "fault of Strategy Builder" not in answer.err


def test_home_that_cannot_be_made_is_said(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGY_BUILDER_HOME", str(terminal.file("home", "a file") / "below"))
    for command in (("run", "rsi_reversal"), ("data", "list"), ("export", "My crossover", "-o", "given")):
        answer = terminal(*command)
        assert answer.code == 1
        assert "fault of Strategy Builder" not in answer.err
        assert answer.err.startswith("error: ")


def test_sensitive_value_is_in_no_exported_file(terminal: Terminal) -> None:
    parameters = {**crossover()["parameters"], "token": {"value": "hunter2-hunter2", "x-sensitive": True}}
    path = terminal.file("drawn.flow.json", crossover(parameters=parameters))
    assert terminal("export", path, "-o", "given").code == 0
    assert terminal("generate", path, "-o", "made").code == 0
    written = everything_in(terminal.folder / "given") | everything_in(terminal.folder / "made")
    assert b"token" in written["flow.json"]
    assert not [name for name, content in written.items() if b"hunter2" in content]
    again = terminal("run", terminal.folder / "given" / "flow.json", "--json")
    assert again.code == 0
    assert again.document["flow_hash"] == terminal("run", path, "--json").document["flow_hash"]


def test_trades_are_listed_where_they_are_asked_for_and_the_rest_is_the_same(terminal: Terminal) -> None:
    without = terminal("run", "rsi_reversal", "--json").document
    document = terminal("run", "rsi_reversal", "--json", "--trades").document
    trades = document.pop("trade_list")
    assert {**document, "seconds": 0} == {**without, "seconds": 0}
    assert len(trades) == document["trades"] > 0
    dates_and_prices = ["entry_date", "entry_price", "exit_date", "exit_price"]
    members = ["symbol", "direction", *dates_and_prices, "quantity", "exit_reason", "pnl"]
    assert all(list(trade) == members for trade in trades)
    days = {line.split(",")[1] for line in gzip.decompress(SAMPLE.read_bytes()).decode().splitlines()[1:]}
    assert {trade[when] for trade in trades for when in ("entry_date", "exit_date")} <= days
    profit = sum(trade["pnl"] for trade in trades)
    initial = document["config"]["initial_capital"]
    assert profit == pytest.approx(initial * document["metrics"]["total_return"], rel=1e-9)
    for trade in trades:
        moved = (trade["exit_price"] - trade["entry_price"]) * trade["quantity"]
        assert trade["pnl"] <= (moved if trade["direction"] == "long" else -moved)


def test_trades_without_json_are_a_wrong_usage(terminal: Terminal) -> None:
    answer = terminal("run", "rsi_reversal", "--trades")
    assert answer.code == 2
    assert "--trades is for --json" in answer.err


def test_headline_names_twenty_symbols_at_most(terminal: Terminal) -> None:
    lines = [line for number in range(23) for line in rows(f"S{number:02}")]
    answer = terminal("run", "rsi_reversal", "--prices", terminal.file("many.csv", prices(lines)))
    assert "S18 S19 … and 3 more, 2020-01-01 to" in answer.out.splitlines()[0]


def test_names_in_a_flow_file_do_not_steer_the_terminal(terminal: Terminal) -> None:
    document = crossover(name="Good\n\x1b[2Jbad\u202e\x9b1m")
    for node in document["nodes"]:
        node["label"] = "\x1b]0;title\x07"
    document["edges"] = []
    path = terminal.file("bad.flow.json", document)
    for command in (("run", path), ("run", path, "--json"), ("generate", path, "-o", "made")):
        answer = terminal(*command)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", answer.out + answer.err)
    assert "�]0;title" in answer.err
    good = terminal("run", terminal.file("good.flow.json", {**crossover(), "name": document["name"]}))
    assert good.out.startswith("Good �[2Jbad��1m: AAPL")
    known = terminal("run", terminal.file("good.flow.json", {**crossover(), "name": document["name"]}), "--json")
    assert known.document["strategy"] == document["name"]
    assert not re.search("[\x7f-\x9f\u202a-\u202e]", known.out)
