"""`strategies …`: what a strategist does with saved strategies from a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

from builder_app.main import open_user_store
from tests.cli.terminal import Answer, Terminal, crossover


@pytest.fixture
def saved(terminal: Terminal) -> str:
    """The id of a strategy that was saved as the window saves it."""
    document = crossover()
    parameters = document.pop("parameters", {})
    with open_user_store() as store:
        return store.strategies.create(document["name"], document, parameters).id


def asked(terminal: Terminal, *arguments: str | Path) -> Any:
    answer: Answer = terminal("strategies", *arguments, "--json")
    assert (answer.code, answer.err) == (0, "")
    return answer.document


def test_an_empty_store_says_what_to_do(terminal: Terminal) -> None:
    answer = terminal("strategies", "list")
    assert answer.code == 0
    assert "No strategy is saved yet." in answer.out


def test_a_strategy_goes_out_and_comes_in_again(terminal: Terminal, saved: str) -> None:
    name = crossover()["name"]
    asked(terminal, "tag", name, "trend", "daily")
    file = terminal.folder / "mine.strategy.zip"
    assert asked(terminal, "export", name, "-o", file)["file"] == str(file)
    imported = asked(terminal, "import", file)
    assert imported["name"] == f"{name} 2"
    assert "already" in imported["remarks"][0]
    found = {item["id"]: item for item in asked(terminal, "list", "--sort", "name")["strategies"]}
    assert found.keys() == {saved, imported["id"]}
    assert found[imported["id"]]["tags"] == ["daily", "trend"]
    with open_user_store() as store:
        first, second = (store.strategies.get(id) for id in (saved, imported["id"]))
    assert first.logic_flow["nodes"] == second.logic_flow["nodes"]
    assert first.parameters == second.parameters


def test_an_export_overwrites_nothing_and_a_strangers_file_is_refused(terminal: Terminal, saved: str) -> None:
    file = terminal.file("taken.strategy.zip", "mine")
    answer = terminal("strategies", "export", saved, "-o", file)
    assert (answer.code, file.read_text()) == (1, "mine")
    assert "is there already" in answer.err
    refused = terminal("strategies", "import", file, "--json")
    assert refused.code == 1
    assert "was not taken in" in json.dumps(refused.document)
    assert len(asked(terminal, "list")["strategies"]) == 1


def test_a_copy_a_name_and_the_archive(terminal: Terminal, saved: str) -> None:
    copy = asked(terminal, "duplicate", saved, "--name", "Copy")
    asked(terminal, "rename", "Copy", "New name")
    with open_user_store() as store:
        record = store.strategies.get(copy["id"])
    assert (record.name, record.logic_flow["name"]) == ("New name", "New name")
    asked(terminal, "archive", "New name")
    assert [item["id"] for item in asked(terminal, "list")["strategies"]] == [saved]
    assert [item["id"] for item in asked(terminal, "list", "--archived")["strategies"]] == [copy["id"]]
    asked(terminal, "bring-back", "New name")
    assert len(asked(terminal, "list")["strategies"]) == 2


def test_versions_are_kept_compared_and_gone_back_to(terminal: Terminal, saved: str) -> None:
    kept = asked(terminal, "keep", saved, "--note", "As it was")
    asked(terminal, "rename", saved, "Changed")
    (version,) = asked(terminal, "versions", saved)["versions"]
    assert (version["id"], version["note"]) == (kept["id"], "As it was")
    (change,) = asked(terminal, "compare", kept["id"])["changes"]
    assert change["text"] == f"The strategy's name is 'Changed' instead of '{crossover()['name']}'."
    asked(terminal, "go-back", kept["id"])
    assert asked(terminal, "list")["strategies"][0]["name"] == crossover()["name"]
    assert len(asked(terminal, "versions", saved)["versions"]) == 2


@pytest.mark.parametrize("arguments", [("rename", "nowhere", "x"), ("go-back", "nowhere"), ("compare", "nowhere")])
def test_what_is_not_there_is_said(terminal: Terminal, saved: str, arguments: tuple[str, ...]) -> None:
    answer = terminal("strategies", *arguments)
    assert answer.code == 1
    assert "nowhere" in answer.err
