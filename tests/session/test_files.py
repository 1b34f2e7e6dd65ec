"""Strategies and prices from and to the strategist's own files."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from builder_app.flow.codec import FlowUnreadable, loads
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, StrategyParameter, frozen_mapping
from builder_app.market.library import Library
from builder_app.session import events
from builder_app.session.disk_trouble import DiskTrouble
from builder_app.session.document import Document
from builder_app.session.files import import_prices, open_flow_file, write_code_file, write_flow_file
from tests.cli.terminal import CROSSOVER
from tests.cli.test_bad_prices import prices, rows


class Owner:
    """What these functions need of a session: it opens, tells, and does slow work; here at once."""

    def __init__(self, folder: Path) -> None:
        self.opened: list[LogicFlow] = []
        self.told: list[events.Event] = []
        self.rooms = SimpleNamespace(library=Library(folder / "prices"))
        self.slow_writes = self
        self.thread = threading.current_thread()

    def new_document(self, flow: LogicFlow) -> Document:
        self.opened.append(flow)
        return Document("one", flow=flow)

    def submit(self, work: Callable[[], None]) -> None:
        work()

    def post(self, call: Callable[[], None]) -> None:
        call()

    def tell(self, event: events.Event) -> None:
        self.told.append(event)

    def symbols(self) -> Any:
        return self.rooms.library.symbols()


@pytest.fixture
def owner(tmp_path: Path) -> Any:
    return Owner(tmp_path)


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


def test_imported_prices_are_told_with_the_library_as_it_is_now(owner: Any, tmp_path: Path) -> None:
    (tmp_path / "ABC.csv").write_text(prices(rows()[::-1]))
    import_prices(owner, (tmp_path / "ABC.csv",))
    imported, changed = owner.told
    assert isinstance(imported, events.PricesImported)
    assert imported.symbols == ("ABC",)
    assert any("sorted" in remark for remark in imported.remarks)
    assert isinstance(changed, events.PricesChanged)
    assert [info.symbol for info in changed.symbols] == ["ABC"]


def test_prices_that_cannot_be_used_are_refused_with_a_sentence(owner: Any, tmp_path: Path) -> None:
    (tmp_path / "ABC.csv").write_text("nothing,of,use\n1,2,3\n")
    import_prices(owner, (tmp_path / "ABC.csv",))
    (refused,) = owner.told
    assert isinstance(refused, events.Refused)
    assert owner.symbols() == ()
