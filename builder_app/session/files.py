"""Strategies from and to the strategist's own files."""

from pathlib import Path
from typing import TYPE_CHECKING

from builder_app.flow.codec import dumps, loads
from builder_app.flow.limits import MAXIMUM_BYTES
from builder_app.session.disk_trouble import in_sentences
from builder_app.session.drafts.document import Document
from builder_app.session.secrecy.secrets import without_secrets
from builder_app.session.whole_files import read_limited, write_whole

if TYPE_CHECKING:
    from builder_app.session.session import Session


def open_flow_file(session: "Session", path: Path) -> Document:
    """Open a flow file as a new strategy; raises FlowUnreadable or DiskTrouble, and opens nothing then."""
    with in_sentences():
        content = read_limited(path, MAXIMUM_BYTES)
    return session.new_document(loads(content))


def write_flow_file(document: Document, path: Path) -> None:
    """Write the picture to a file, whole or not at all (DiskTrouble), without the values of sensitive parameters."""
    with in_sentences():
        write_whole(path, dumps(without_secrets(document.flow)))


def write_code_file(document: Document, path: Path) -> None:
    """Write the generated code to a file, whole or not at all (DiskTrouble); ValueError where there is none."""
    program, _ = document.shown_code
    if program is None:
        raise ValueError(f"'{document.name}' is not code yet; solve its problems first.")
    with in_sentences():
        write_whole(path, program.source)
