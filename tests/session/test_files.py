"""Strategies from and to the strategist's own files."""

from pathlib import Path
from typing import Any

import pytest

from builder_app.flow.codec import FlowUnreadable, loads
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, StrategyParameter, frozen_mapping
from builder_app.session.disk_trouble import DiskTrouble
from builder_app.session.drafts.document import Document
from builder_app.session.files import open_flow_file, write_code_file, write_flow_file
from tests.cli.terminal import CROSSOVER


class Owner:
    """What these functions need of a session: it opens."""

    def __init__(self) -> None:
        self.opened: list[LogicFlow] = []

    def new_document(self, flow: LogicFlow) -> Document:
        self.opened.append(flow)
        return Document("one", flow=flow)


@pytest.fixture
def owner() -> Any:
    return Owner()


def test_a_flow_comes_back_from_its_file(owner: Any, tmp_path: Path) -> None:
    document = open_flow_file(owner, CROSSOVER)
    write_flow_file(document, tmp_path / "mine.flow.json")
    assert open_flow_file(owner, tmp_path / "mine.flow.json").flow == document.flow == loads(CROSSOVER.read_bytes())


def test_a_file_that_is_no_flow_opens_nothing(owner: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(FlowUnreadable, match="line 1"):
        open_flow_file(owner, tmp_path / "bad.json")
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(50 * MAXIMUM_BYTES)
    with pytest.raises(FlowUnreadable, match="20 MB"):
        open_flow_file(owner, tmp_path / "huge.json")
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(DiskTrouble, match=r"Name|Look"):
            open_flow_file(owner, path)
    assert owner.opened == []


def test_a_flow_file_holds_no_sensitive_value(tmp_path: Path) -> None:
    parameters = frozen_mapping({"token": StrategyParameter("hunter2", sensitive=True)})
    document = Document("one", flow=LogicFlow(parameters=parameters))
    write_flow_file(document, tmp_path / "mine.flow.json")
    assert "hunter2" not in (tmp_path / "mine.flow.json").read_text()
    assert document.flow.parameters == parameters


def test_code_that_is_not_there_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not code yet"):
        write_code_file(Document("one", flow=EMPTY_FLOW), tmp_path / "strategy.py")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble, match=r"'.*/none/mine\.flow\.json'"):
        write_flow_file(Document("one"), tmp_path / "none" / "mine.flow.json")
