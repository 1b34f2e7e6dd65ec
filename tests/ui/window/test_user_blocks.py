"""Blocks that users made, in the real window: canvas, palette, inspector and start page take them as they come."""

from pathlib import Path

from PySide6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from builder_app.flow.templates import NodeTemplate
from builder_app.ui.palette.delegate import MARK_ROLE, OWN, TEMPLATE_ROLE
from tests.session.blocks.test_user_blocks import FLOW, LINE, stored
from tests.ui.window.strategist import Strategist, application


def marks(hands: Strategist) -> dict[str, str | None]:
    """The mark of each block in the palette."""
    found: dict[str, str | None] = {}
    for index in hands.window.palette_view.model.blocks():
        template = index.data(TEMPLATE_ROLE)
        assert isinstance(template, NodeTemplate)
        found[template.name] = index.data(MARK_ROLE)
    return found


def test_a_block_that_comes_turns_the_placeholder_into_a_block(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        document = opened.session.new_document(FLOW)
        hands.sees(lambda: document.is_coded)
        assert document.program is None
        hands.canvas.select({"mine"})
        before = hands.canvas.canvas.picture.faces["mine"]
        assert "my_line" not in marks(hands)

        opened.session.rooms.store.node_templates.create(stored(LINE))
        opened.session.blocks.read()

        assert "SMA" in hands.sees_code()
        assert marks(hands)["my_line"] == OWN
        assert marks(hands)["sma"] is None
        assert hands.canvas.canvas.picture.faces["mine"] != before
        assert hands.canvas.selected_nodes() == {"mine"}, "nothing that was chosen is lost"
        fields = [one for one in opened.window.inspector.findChildren(QDoubleSpinBox) if one.isVisible()]
        assert "Period" in [field.accessibleName() for field in fields]
        opened.session.run_test(document)
        hands.sees_result()
        hands.place_block("My line", 300, 420)
        assert [node.template for node in document.flow.nodes.values()].count("my_line") == 2


def test_a_shared_block_that_may_not_be_used_is_said_in_the_message_bar(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened.session.rooms.store.node_templates.create(
            stored(LINE, execution_hints={"outputs": {"value": "open(1)"}})
        )
        opened.session.blocks.read()
        bar = opened.window.centre.messages
        hands.sees(lambda: "Your block 'my_line' was left out" in bar._text.text())
        assert "my_line" not in marks(hands)
