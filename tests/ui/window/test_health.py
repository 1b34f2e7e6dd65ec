"""Health in the window: its dock, real figures after real work, and drafts that were left behind."""

import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from builder_app import paths
from builder_app.store import Principal, clock, open_store
from builder_app.store.records import DraftSnapshot
from tests.ui.window.strategist import USER, Strategist, application
from tests.ui.window.test_live import open_example

DRAWN = {"format": "logic-flow", "version": 1, "name": "Left behind", "nodes": [], "edges": []}


def test_health_page_shows_figures_of_the_work_that_was_done(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        open_example(hands)
        hands.window.show_dock("Health")
        page = hands.window.health
        hands.sees(lambda: page.health is not None and page.health.figures.completed_tests == 1)
        hands.press("F5")
        hands.sees(lambda: page.health is not None and page.health.figures.completed_tests == 2)
        assert dict(page.table.texts())["Tests that ended well"] == "100.00\N{NO-BREAK SPACE}%"
        assert page.alarm_texts == ["All is well: no alarms."]
        assert hands.window.docks["Health"].windowTitle() == "Health"


def test_draft_left_for_days_is_offered_and_can_be_opened(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "strategies.db", paths.migrations(), Principal(USER)) as store:
        then = clock.now() - datetime.timedelta(days=60)
        with monkeypatch.context() as earlier:
            earlier.setattr(clock, "now", lambda: then)
            store.sessions.open(None, "Left behind", DraftSnapshot(0, DRAWN, metadata={"is_open": False}))
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        said = "The draft 'Left behind' was left for over a day without being saved."
        hands.sees(lambda: said in hands.window.centre.messages.text)
