"""The writer thread: what it says is saved was written, in order, and what failed is tried again."""

import datetime
import threading

import pytest

from builder_app.flow.edits import AddNode, apply
from builder_app.flow.values import LogicFlow, Node
from builder_app.session.drafts import drafts
from builder_app.session.drafts.drafts import EDITS_PER_SNAPSHOT, DraftWriter
from builder_app.session.drafts.history import Step
from builder_app.session.drafts.journal import Entry, EntryKind
from builder_app.store import StoreConflict
from builder_app.store.records import DraftSnapshot, JournalEntry


class Disk:
    """A store that can be slow or refuse, and remembers what it took."""

    def __init__(self) -> None:
        self.rows: list[JournalEntry] = []
        self.snapshots: list[DraftSnapshot] = []
        self.drafts: list[str] = []
        self.ended: list[str] = []
        self.taken: set[str] = set()
        self.broken: set[str] = set()
        self.refusals = 0
        self.open = threading.Event()
        self.open.set()

    def write(self, draft: str, rows: list[JournalEntry], snapshot: DraftSnapshot | None, /) -> None:
        self.open.wait(10)
        if draft in self.taken:
            raise StoreConflict("Another window or program wrote to this draft.")
        if draft in self.broken:
            raise OSError("this row is broken")
        if self.refusals:
            self.refusals -= 1
            raise OSError("the disk is full")
        self.rows += rows
        self.drafts += [draft]
        self.snapshots += [snapshot] if snapshot is not None else []

    def end(self, draft: str, /) -> None:
        self.ended.append(draft)

    def move(self, draft: str, name: str, snapshot: DraftSnapshot, /) -> str:
        self.snapshots.append(snapshot)
        return f"{draft} moved"


class Said:
    """What the writer said."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.taken: list[tuple[int, int]] = []
        self.failed: list[str] = []
        self.moves: list[tuple[str, str]] = []
        self.is_deaf = False

    def saved(self, _draft: str, sequence: int, _at: datetime.datetime, /) -> None:
        if self.is_deaf:
            raise RuntimeError("the window is gone")
        self.taken.append((sequence, len(self.disk.rows)))

    def not_saved(self, _draft: str, message: str, /) -> None:
        self.failed.append(message)

    def moved(self, draft: str, new: str, /) -> None:
        self.moves.append((draft, new))


def record(writer: DraftWriter, flow: LogicFlow, sequence: int, draft: str = "draft") -> LogicFlow:
    edit = AddNode(Node(f"n{sequence}", "sma"))
    after, inverse = apply(flow, edit)
    writer.record(draft, sequence, Entry(EntryKind.EDIT, Step(edit, inverse, "Add")), after, {})
    return after


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def said(disk: Disk) -> Said:
    return Said(disk)


@pytest.fixture
def writer(disk: Disk, said: Said) -> DraftWriter:
    return DraftWriter(disk, said)


def test_every_edit_reaches_the_disk_in_order(writer: DraftWriter, disk: Disk) -> None:
    flow = LogicFlow()
    for sequence in range(1, 201):
        flow = record(writer, flow, sequence)
    writer.close()
    assert [row.sequence for row in disk.rows] == list(range(1, 201))


def test_nothing_is_said_to_be_saved_before_it_is_on_disk(writer: DraftWriter, disk: Disk, said: Said) -> None:
    disk.open.clear()
    record(writer, LogicFlow(), 1)
    assert not writer.flush(0.2)
    assert said.taken == []
    disk.open.set()
    writer.close()
    assert all(written >= sequence for sequence, written in said.taken)
    assert said.taken[-1][0] == 1


def test_slow_disk_does_not_hold_the_owner_up(writer: DraftWriter, disk: Disk) -> None:
    disk.open.clear()
    flow = LogicFlow()
    for sequence in range(1, 100):
        flow = record(writer, flow, sequence)
    assert disk.rows == []
    disk.open.set()
    writer.close()
    assert len(disk.rows) == 99


def test_refused_write_is_said_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, writer: DraftWriter, disk: Disk, said: Said
) -> None:
    monkeypatch.setattr(drafts, "SECONDS_TO_RETRY", 0.01)
    disk.refusals = 2
    record(writer, LogicFlow(), 1)
    assert writer.flush(10)
    writer.close()
    assert len(said.failed) == 2
    assert "the disk is full" in said.failed[0]
    assert [row.sequence for row in disk.rows] == [1]


def test_a_snapshot_comes_at_least_every_fifty_edits(writer: DraftWriter, disk: Disk) -> None:
    flow = LogicFlow()
    for sequence in range(1, 3 * EDITS_PER_SNAPSHOT + 1):
        flow = record(writer, flow, sequence)
        writer.flush()
    writer.close()
    assert [snapshot.sequence for snapshot in disk.snapshots] == [50, 100, 150]


def test_an_asked_for_snapshot_holds_the_newest_flow(writer: DraftWriter, disk: Disk) -> None:
    flow = record(writer, LogicFlow(), 1)
    writer.snapshot("draft", 1, flow, {"is_open": False})
    writer.close()
    newest = disk.snapshots[-1]
    assert newest.metadata == {"is_open": False}
    assert newest.logic_flow is not None
    assert [node["id"] for node in newest.logic_flow["nodes"]] == ["n1"]


def test_one_drafts_trouble_holds_no_other_up(
    monkeypatch: pytest.MonkeyPatch, writer: DraftWriter, disk: Disk, said: Said
) -> None:
    monkeypatch.setattr(drafts, "SECONDS_TO_RETRY", 0.01)
    disk.broken.add("broken")
    record(writer, LogicFlow(), 1, "broken")
    for sequence in range(1, 20):
        record(writer, LogicFlow(), sequence, "whole")
    assert not writer.flush(0.5)
    assert set(disk.drafts) == {"whole"}
    assert len(disk.rows) == 19
    disk.broken.clear()
    assert writer.close()
    assert len(disk.rows) == 20


def test_closing_says_when_something_could_not_be_made_durable(
    monkeypatch: pytest.MonkeyPatch, writer: DraftWriter, disk: Disk
) -> None:
    monkeypatch.setattr(drafts, "FLUSH_SECONDS", 0.2)
    disk.broken.add("draft")
    record(writer, LogicFlow(), 1)
    assert not writer.close()


def test_draft_that_another_writes_to_goes_on_whole_under_a_new_id(writer: DraftWriter, disk: Disk, said: Said) -> None:
    flow = record(writer, LogicFlow(), 1)
    assert writer.flush()
    disk.taken.add("draft")
    flow = record(writer, flow, 2)
    assert writer.flush()
    assert said.moves == [("draft", "draft moved")]
    assert disk.snapshots[-1].sequence == 2
    flow = record(writer, flow, 3)  # the owner has not heard of the move yet
    assert writer.flush()
    assert disk.drafts[-1] == "draft moved"
    writer.follow_move("draft")
    record(writer, flow, 4, "draft moved")
    assert writer.close()
    assert [row.sequence for row in disk.rows] == [1, 3, 4]
    assert said.taken[-1][0] == 4


def test_ended_draft_is_ended_after_everything_of_it_is_written(writer: DraftWriter, disk: Disk) -> None:
    disk.open.clear()
    record(writer, LogicFlow(), 1)
    writer.close_draft("draft", is_over=True)
    assert disk.ended == []
    disk.open.set()
    assert writer.close()
    assert len(disk.rows) == 1
    assert disk.ended == ["draft"]


def test_draft_that_is_opened_again_at_once_is_not_ended(writer: DraftWriter, disk: Disk) -> None:
    disk.open.clear()
    flow = record(writer, LogicFlow(), 1)
    writer.close_draft("draft", is_over=True)
    writer.snapshot("draft", 1, flow, {"is_open": True})
    disk.open.set()
    assert writer.close()
    assert disk.ended == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_listener_that_fails_does_not_end_the_writer(writer: DraftWriter, disk: Disk, said: Said) -> None:
    said.is_deaf = True
    flow = record(writer, LogicFlow(), 1)
    assert writer.flush()
    record(writer, flow, 2)
    assert writer.close()
    assert len(disk.rows) == 2
