"""The writer thread: what it says is saved was written, in order, and what failed is tried again."""

import datetime
import threading

import pytest

from builder_app.flow.edits import AddNode, apply
from builder_app.flow.values import LogicFlow, Node
from builder_app.session import drafts
from builder_app.session.drafts import EDITS_PER_SNAPSHOT, DraftWriter
from builder_app.session.history import Step
from builder_app.session.journal import Entry, EntryKind
from builder_app.store.records import DraftSnapshot, JournalEntry


class Disk:
    """A store that can be slow or refuse, and remembers what it took."""

    def __init__(self) -> None:
        self.rows: list[JournalEntry] = []
        self.snapshots: list[DraftSnapshot] = []
        self.refusals = 0
        self.open = threading.Event()
        self.open.set()

    def write(self, _draft: str, rows: list[JournalEntry], snapshot: DraftSnapshot | None) -> None:
        self.open.wait(10)
        if self.refusals:
            self.refusals -= 1
            raise OSError("the disk is full")
        self.rows += rows
        self.snapshots += [snapshot] if snapshot is not None else []


class Said:
    """What the writer said."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.saved: list[tuple[int, int]] = []
        self.failed: list[str] = []

    def take_saved(self, _draft: str, sequence: int, _at: datetime.datetime) -> None:
        self.saved.append((sequence, len(self.disk.rows)))

    def take_failed(self, _draft: str, message: str) -> None:
        self.failed.append(message)


def record(writer: DraftWriter, flow: LogicFlow, sequence: int) -> LogicFlow:
    edit = AddNode(Node(f"n{sequence}", "sma"))
    after, inverse = apply(flow, edit)
    writer.record("draft", sequence, Entry(EntryKind.EDIT, Step(edit, inverse, "Add")), after, {})
    return after


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def said(disk: Disk) -> Said:
    return Said(disk)


@pytest.fixture
def writer(disk: Disk, said: Said) -> DraftWriter:
    return DraftWriter(disk.write, said.take_saved, said.take_failed)


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
    assert said.saved == []
    disk.open.set()
    writer.close()
    assert all(written >= sequence for sequence, written in said.saved)
    assert said.saved[-1][0] == 1


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
