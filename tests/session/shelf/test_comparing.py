"""What was changed since a kept version: told soon, whatever else is read and written, of the newest drawing only."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from builder_app.flow.edits import RenameStrategy
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.shelf.shelving import KeptVersion, Shelving
from builder_app.session.shelf.strategies import Shelf, flow_of
from tests.session.strategist import Strategist


@contextmanager
def busy_writer(work: Strategist) -> Iterator[None]:
    """Meanwhile the thread of slow writes has something to do that takes long."""
    gate = threading.Event()
    work.session.slow_writes.submit(gate.wait, 60)
    try:
        yield
    finally:
        gate.set()


def kept(work: Strategist) -> tuple[Shelving, Document, KeptVersion]:
    """A saved strategy with a version of it."""
    shelving, document = Shelving(work.session), work.open_example()
    shelving.keep_version(document, "before")
    return shelving, document, work.until_told(events.VersionKept).version


def test_comparison_waits_for_no_import_export_or_count_of_uses(work: Strategist) -> None:
    shelving, document, version = kept(work)
    with busy_writer(work):
        work.session.edit(document, RenameStrategy("Another"))
        shelving.ask_difference(document, version)
        work.until(lambda: bool(work.heard(events.VersionCompared)), seconds=5)
    (compared,) = work.heard(events.VersionCompared)
    assert (compared.document, compared.version) == (document.id, version.id)
    assert "'Another'" in compared.changes[0].text


def test_of_edits_that_come_quicker_than_answers_only_the_newest_is_told(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelving, document, version = kept(work)
    gate = threading.Event()
    calls: list[str] = []

    def slow(shelf: Shelf, id: str) -> LogicFlow:
        calls.append(id)
        gate.wait(30)
        return flow_of(shelf, id)

    monkeypatch.setattr("builder_app.session.shelf.comparing.flow_of", slow)
    for number in range(20):
        work.session.edit(document, RenameStrategy(f"Name {number}"))
        shelving.ask_difference(document, version)
    gate.set()
    compared = work.until_told(events.VersionCompared)
    assert "'Name 19'" in compared.changes[0].text
    assert len(work.heard(events.VersionCompared)) == 1
    assert len(calls) <= 2, "what waited was dropped, not worked through"


def test_version_that_cannot_be_read_is_told_and_the_next_one_is_compared(work: Strategist) -> None:
    shelving, document, version = kept(work)
    shelving.ask_difference(document, KeptVersion("nowhere", 9, "", version.at))
    assert "nowhere" in work.until_told(events.Refused).message
    shelving.ask_difference(document, version)
    assert work.until_told(events.VersionCompared).changes == ()


def test_answer_about_a_document_that_was_closed_is_not_told(work: Strategist) -> None:
    shelving, document, version = kept(work)
    shelving.ask_difference(document, version)
    work.session.close_document(document)
    work.settle()
    work.until(lambda: work.session.comparing.is_idle)
    work.mailbox.run_waiting()
    assert work.heard(events.VersionCompared) == []
