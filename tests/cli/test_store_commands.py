"""`backup`, `restore` and `--store`: which store, copied and put back, and refusals in sentences."""

import json
from pathlib import Path

import pytest

from builder_app.cli.arguments import parse
from builder_app.main import main, open_user_store
from builder_app.paths import STORE_VARIABLE

FLOW = {"format": "logic-flow", "version": 1, "nodes": [], "edges": []}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STRATEGY_BUILDER_HOME", str(tmp_path))
    monkeypatch.delenv(STORE_VARIABLE, raising=False)
    return tmp_path


def names(place: str | None = None) -> set[str]:
    with open_user_store(place) as store:
        return {item.name for item in store.strategies.list().items}


def create(name: str, place: str | None = None) -> None:
    with open_user_store(place) as store:
        store.strategies.create(name, FLOW, {})


def test_a_backup_is_made_listed_and_put_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create("Early")
    assert main(["backup"]) == 0
    path = capsys.readouterr().out.split(" (")[0]
    assert Path(path).is_relative_to(home / "backups")
    create("Late")
    assert main(["backup", "--list"]) == 0
    assert path in capsys.readouterr().out
    assert main(["restore"]) == 0
    kept = capsys.readouterr().out.split("is kept in ")[1].split(";")[0]
    assert names() == {"Early"}
    assert main(["restore"]) == 0, "the newest that no restore made"
    assert names() == {"Early"}
    assert main(["restore", kept]) == 0
    assert names() == {"Early", "Late"}


def test_the_commands_answer_in_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create("Early")
    assert main(["backup", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["backup"]
    assert made["bytes"] == Path(made["file"]).stat().st_size
    assert main(["backup", "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["backups"] == [made]
    assert main(["restore", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["backup"] == made["file"]
    assert Path(answer["kept"]).exists()


def test_a_store_that_is_open_is_not_replaced(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create("Early")
    main(["backup"])
    with open_user_store():
        assert main(["restore"]) == 1
    assert "is open in a program. Close it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["restore"], "There is no backup"),
        (["restore", "nowhere.db"], "There is no file nowhere.db"),
        (["backup", "--store", "nonsense://x"], "no place for a store"),
        (["restore", "--store", "postgresql+psycopg://x@127.0.0.1/y"], "pg_restore"),
        (["backup", "--list", "--store", "postgresql+psycopg://x@127.0.0.1/y"], "pg_dump"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error
    assert main([*arguments, "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert words in problem["message"]


def test_the_store_is_what_the_option_says_or_the_environment_or_the_users_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create("Own")
    create("Of the environment", str(home / "environment.db"))
    create("Chosen", f"sqlite:///{home / 'chosen.db'}")
    assert names() == {"Own"}
    monkeypatch.setenv(STORE_VARIABLE, str(home / "environment.db"))
    assert names() == {"Of the environment"}
    assert names(str(home / "chosen.db")) == {"Chosen"}
    assert main(["backup", "--store", str(home / "chosen.db")]) == 0
    assert len(list((home / "backups").glob("chosen-regular-*.db"))) == 1


def test_the_option_stands_before_or_after_the_command() -> None:
    for arguments in (["--store", "x.db", "backup"], ["backup", "--store", "x.db"], ["backup", "--store=x.db"]):
        assert (parse(arguments).command, parse(arguments).store) == ("backup", "x.db")
    assert (parse(["--store", "x.db"]).command, parse(["--store", "x.db"]).store) == ("open", "x.db")
    assert parse([]).store is None
