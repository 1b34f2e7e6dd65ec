"""A file of code opened in the real window: its picture is laid out, and what was edited by hand is said."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.codegen.flows import compiled
from tests.codegen.test_golden import crossover_with_stop
from tests.ui.window.strategist import Strategist, application


def test_edited_code_opens_laid_out_and_tells_what_was_taken_and_what_was_not(qtbot: QtBot, tmp_path: Path) -> None:
    source = compiled(crossover_with_stop()).source
    edited = source.replace('"fast_period": 10', '"fast_period": 12').replace(
        "    return {", "    mine = 1\n    return {"
    )
    (tmp_path / "mine.py").write_text(edited, encoding="utf-8")
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        opened.window.commands.open_path(tmp_path / "mine.py")
        hands.sees(lambda: opened.window.document is not None)
        document = opened.window.document
        assert document is not None
        assert document.flow.parameters["fast_period"].value == 12
        assert len({node.position for node in document.flow.nodes.values()}) == len(document.flow.nodes)
        (note,) = document.flow.notes.values()
        assert "+    mine = 1" in note.text
        said = opened.window.centre.messages._text.text()
        assert "The strategy parameter 'fast period' was set from 10 to 12." in said
        assert (tmp_path / "mine.py").read_text(encoding="utf-8") == edited


def test_a_file_that_is_no_strategy_is_refused_in_the_message_bar(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("print(1)\n", encoding="utf-8")
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        opened.window.commands.open_path(tmp_path / "other.py")
        hands.sees(lambda: "'other.py' was not opened." in opened.window.centre.messages._text.text())
        assert opened.window.document is None


def test_a_picture_and_its_code_are_written_and_it_is_said_where_or_why_not(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        commands, messages = opened.window.commands, opened.window.centre.messages
        commands.open_example("moving_average_crossover")
        source = hands.sees_code()
        for write, name in ((commands._write_flow, "mine.flow.json"), (commands._write_code, "mine.py")):
            write(tmp_path / name)
            hands.sees(lambda name=name: messages.text == f"'{tmp_path / name}' was written.")  # type: ignore[misc]
            write(tmp_path / "none" / name)
            hands.sees(lambda name=name: f"'{tmp_path / 'none' / name}'" in messages.text)  # type: ignore[misc]
        assert (tmp_path / "mine.py").read_text(encoding="utf-8") == source
        first = hands.document
        commands.open_path(tmp_path / "mine.flow.json")
        hands.sees(lambda: opened.window.document not in (None, first))
        assert hands.document.flow == first.flow
        (tmp_path / "mine.flow.json").write_text("{", encoding="utf-8")
        commands.open_path(tmp_path / "mine.flow.json")
        hands.sees(lambda: messages.text.startswith("'mine.flow.json' was not opened. The text is not JSON: at line 1"))
