"""Strategies and prices from and to the strategist's own files."""

import os
import tempfile
from pathlib import Path

from builder_app.flow.codec import dumps, loads
from builder_app.session import events
from builder_app.session.document import Document
from builder_app.session.session import Session


def open_flow_file(session: Session, path: Path) -> Document:
    """Open a flow file as a new strategy; raises FlowUnreadable or OSError, and opens nothing then."""
    return session.new_document(loads(path.read_bytes()))


def write_flow_file(document: Document, path: Path) -> None:
    """Write the picture to a file, whole or not at all."""
    write_whole(path, dumps(document.flow))


def write_code_file(document: Document, path: Path) -> None:
    """Write the generated code to a file, whole or not at all."""
    if document.program is None:
        raise ValueError(f"'{document.name}' is not code yet; solve its problems first.")
    write_whole(path, document.program.source)


def write_whole(path: Path, text: str) -> None:
    """Write beside the file, then put it in its place: a reader sees the old text or the new one, never a part."""
    handle, made = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(made).chmod(0o644)
        Path(made).replace(path)
    except OSError:
        Path(made).unlink(missing_ok=True)
        raise


def import_prices(session: Session, paths: tuple[Path, ...]) -> None:
    """Read price files into the library, off the owner's thread; PricesImported or Refused tells how it ended."""

    def work() -> None:
        try:
            report = session.rooms.library.import_csv(paths)
        except (ValueError, OSError) as reason:
            refused = events.Refused("", str(reason))
            session.post(lambda: session.tell(refused))
            return

        def told() -> None:
            session.tell(events.PricesImported(report.symbols, report.remarks))
            session.tell(events.PricesChanged(session.symbols()))

        session.post(told)

    session.slow_writes.submit(work)
