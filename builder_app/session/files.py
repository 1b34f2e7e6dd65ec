"""Strategies and prices from and to the strategist's own files."""

from pathlib import Path

from builder_app.flow.codec import dumps, loads
from builder_app.session import events
from builder_app.session.document import Document
from builder_app.session.secrets import without_secrets
from builder_app.session.session import Session
from builder_app.session.whole_files import write_whole


def open_flow_file(session: Session, path: Path) -> Document:
    """Open a flow file as a new strategy; raises FlowUnreadable or OSError, and opens nothing then."""
    return session.new_document(loads(path.read_bytes()))


def write_flow_file(document: Document, path: Path) -> None:
    """Write the picture to a file, whole or not at all, and without the values of sensitive parameters."""
    write_whole(path, dumps(without_secrets(document.flow)))


def write_code_file(document: Document, path: Path) -> None:
    """Write the generated code to a file, whole or not at all."""
    if document.program is None:
        raise ValueError(f"'{document.name}' is not code yet; solve its problems first.")
    write_whole(path, document.program.source)


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
