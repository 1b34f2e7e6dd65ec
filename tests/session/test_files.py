"""Strategies from and to the strategist's own files."""

from pathlib import Path

import pytest

from builder_app.flow.codec import FlowUnreadable, loads
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, StrategyParameter, frozen_mapping
from builder_app.session import events
from builder_app.session.disk_trouble import DiskTrouble
from builder_app.session.drafts.document import Document
from builder_app.session.files import code_of, open_flow_file, read_flow_file, write_flow_file
from tests.cli.terminal import CROSSOVER
from tests.session.strategist import Strategist


def opened(work: Strategist, path: Path) -> Document:
    """Open a flow file, and wait for it."""
    before = set(work.session.documents)
    open_flow_file(work.session, path)
    work.until(lambda: work.session.documents.keys() != before)
    (made,) = set(work.session.documents) - before
    return work.session.documents[made]


def test_a_flow_comes_back_from_its_file(work: Strategist, tmp_path: Path) -> None:
    document = opened(work, CROSSOVER)
    write_flow_file(document.flow, tmp_path / "mine.flow.json")
    assert opened(work, tmp_path / "mine.flow.json").flow == document.flow == loads(CROSSOVER.read_bytes())


def test_a_file_that_is_no_flow_opens_nothing(work: Strategist, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(50 * MAXIMUM_BYTES)
    wrong = {"bad.json": "line 1", "huge.json": "20 MB", "none.json": "Look", ".": "Name"}
    for count, (name, why) in enumerate(wrong.items(), 1):
        path = tmp_path / name
        with pytest.raises((FlowUnreadable, DiskTrouble), match=why):
            read_flow_file(path)
        open_flow_file(work.session, path)
        said = work.until_told(events.Refused, count).message
        assert said.startswith(f"'{path.name}' was not opened. ")
        assert why in said
    assert work.session.documents == {}


def test_a_flow_file_holds_no_sensitive_value(tmp_path: Path) -> None:
    parameters = frozen_mapping({"token": StrategyParameter("hunter2", sensitive=True)})
    document = Document("one", flow=LogicFlow(parameters=parameters))
    write_flow_file(document.flow, tmp_path / "mine.flow.json")
    assert "hunter2" not in (tmp_path / "mine.flow.json").read_text()
    assert document.flow.parameters == parameters


def test_code_that_is_not_there_is_not_written() -> None:
    with pytest.raises(ValueError, match="not code yet"):
        code_of(Document("one", flow=EMPTY_FLOW))


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble, match=r"'.*/none/mine\.flow\.json'"):
        write_flow_file(EMPTY_FLOW, tmp_path / "none" / "mine.flow.json")
