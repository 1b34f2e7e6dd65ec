"""Strategies from and to the strategist's own files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from builder_app.codegen.program import Program
from builder_app.flow.codec import dumps, loads
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.answering import answered
from builder_app.session.disk_trouble import in_sentences
from builder_app.session.drafts.document import Document
from builder_app.session.secrecy.secrets import without_secrets
from builder_app.session.whole_files import read_limited, write_whole

if TYPE_CHECKING:
    from builder_app.session.session import Session


def open_flow_file(session: "Session", path: Path) -> None:
    """Open a flow file as a new strategy, off the owner's thread; DocumentOpened or Refused tells how it ended."""
    open_when_read(session, path, lambda: (read_flow_file(path), ""))


def open_when_read(session: "Session", path: Path, read: Callable[[], tuple[LogicFlow, str]]) -> None:
    """Read a file off the owner's thread, and open the flow in it as a new strategy, with a note for the strategist."""

    def opened(found: tuple[LogicFlow, str]) -> None:
        flow, note = found
        try:
            session.new_document(flow, note=note)
        except ValueError as reason:
            refused(str(reason))

    def refused(why: str) -> None:
        session.tell(events.Refused("", f"'{path.name}' was not opened. {why}"))

    answered(session.slow_writes, session.post, read, opened, refused)


def read_flow_file(path: Path) -> LogicFlow:
    """The flow in a file; raises FlowUnreadable or DiskTrouble."""
    with in_sentences():
        content = read_limited(path, MAXIMUM_BYTES)
    return loads(content)


def write_flow_file(flow: LogicFlow, path: Path) -> None:
    """Write the picture to a file, whole or not at all (DiskTrouble), without the values of sensitive parameters."""
    with in_sentences():
        write_whole(path, dumps(without_secrets(flow)))


def code_of(document: Document) -> Program:
    """The code that is shown for the strategy; ValueError where there is none."""
    program, _ = document.shown_code
    if program is None:
        raise ValueError(f"'{document.name}' is not code yet; solve its problems first.")
    return program


def write_code_file(program: Program, path: Path) -> None:
    """Write the generated code to a file, whole or not at all (DiskTrouble)."""
    with in_sentences():
        write_whole(path, program.source)
