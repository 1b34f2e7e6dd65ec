"""Export of open strategies: the tested code, tested first where its newest text was not."""

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from builder_app.codegen.targets.all_targets import STANDALONE
from builder_app.flow.explaining import explain
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import FailureKind, RunFailure
from builder_app.session import events
from builder_app.session.code.export import (
    Export,
    ExportRefused,
    check_folder,
    exported_files,
    price_symbols,
    write_folder,
)
from builder_app.session.code.kept_code import MadeCode, keep_code
from builder_app.session.code.target_export import certified_for, check_certified, target_files
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.runs.kept_tests import Job, Outcome
from builder_app.session.runs.one_run import load_pool
from builder_app.session.runs.prices_to_read import to_read
from builder_app.session.runs.testing import Testing


@dataclass(frozen=True, slots=True)
class _Wish:
    """A folder to write as soon as the document's test of this number, or a later one, has a result."""

    folder: Path
    test: int
    target: str


class Exporting:
    """Wishes wait here for their test. `slow` runs what takes long."""

    def __init__(self, desk: Desk, slow: Executor) -> None:
        self._desk, self._slow = desk, slow
        self._wishes: dict[str, list[_Wish]] = {}

    def export(self, document: Document, folder: Path, testing: Testing) -> None:
        """Write the tested code to a folder; Exported or Refused tells how it ended."""
        try:
            check_folder(folder)
        except ExportRefused as reason:
            self._desk.tell(events.Refused(document.id, str(reason)))
            return
        program, result = document.program, document.result
        if document.is_coded and program is not None and result is not None and not document.result_is_stale:
            tested = Export(document.flow, program, document.config, result)
            self._write(document, _Wish(folder, 0, document.target), tested)
        elif document.is_coded and program is None:
            testing.run(document)  # says which problems keep it from being code
        else:
            self._wishes.setdefault(document.id, []).append(_Wish(folder, testing.run(document), document.target))

    def test_ended(self, document: Document, job: Job | None, outcome: Outcome) -> None:
        """A test ended: write the folders that waited for it, exactly as it was tested."""
        wishes = self._wishes.get(document.id, ())
        for wish in [wish for wish in wishes if job is None or wish.test <= job.number]:
            if job is not None and not isinstance(outcome, RunFailure):
                self._write(document, wish, Export(job.flow, job.program, job.config, outcome))
            elif job is not None and job.live:
                continue
            elif isinstance(outcome, RunFailure) and outcome.kind is not FailureKind.CANCELLED:
                message = f"'{document.name}' was not exported, because its test failed: {outcome.message}"
                self._desk.tell(events.Refused(document.id, message))
            self._wishes[document.id].remove(wish)

    def forget(self, document: Document) -> None:
        """The document is closed, or cannot be tested: nothing waits for its test any more."""
        self._wishes.pop(document.id, None)

    def _write(self, document: Document, wish: _Wish, export: Export) -> None:
        self._slow.submit(self._try_to_write, (document.id, document.instance), wish, export)

    def _try_to_write(self, ids: tuple[str, str | None], wish: _Wish, export: Export) -> None:
        (document, instance), folder = ids, wish.folder
        try:
            self._write_now(wish, export, instance)
        except (ExportRefused, ValueError) as reason:
            self._desk.post_event(events.Refused(document, str(reason)))
        except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
            why = f"{type(reason).__name__}: {reason}".rstrip(".")
            message = f"'{folder}' could not be written: {why}. Nothing was left there; choose another place."
            self._desk.post_event(events.Refused(document, message))
        else:
            self._desk.post_event(events.Exported(document, str(folder)))

    def _write_now(self, wish: _Wish, export: Export, instance: str | None) -> None:
        folder, rooms = wish.folder, self._desk.rooms
        made = None if wish.target == STANDALONE else self._for_engine(wish.target, export, instance)
        panel: Panel = load_pool(rooms.library, to_read(export.config, export.program))
        if panel.fingerprint != export.result.data_fingerprint:
            raise ExportRefused(
                f"'{folder}' was not written: the prices have changed since the test, so the folder would print "
                "other numbers. Press Test, then export again."
            )
        symbols = price_symbols(export.config, export.result, export.program)
        prices = rooms.library.csv_text(symbols, export.config.frequency)
        whole = replace(export, prices_csv=prices, explanation=explain(export.flow, self._desk.catalogue).text)
        if made is None:  # this text was kept when it was tested
            write_folder(folder, exported_files(whole))
            return
        write_folder(folder, target_files(whole, made.program))
        self._keep(instance, made)

    def _for_engine(self, target: str, export: Export, instance: str | None) -> MadeCode:
        """The certified text for another engine; one that does not do what is drawn is kept among the failures.

        Raises ExportRefused with what the engine refuses, or with what the text fails at.
        """
        rooms = self._desk.rooms
        made = certified_for(target, export, self._desk.catalogue, (rooms.runner, rooms.library))
        if not made.report.is_valid:
            self._keep(instance, made)
        check_certified(made.report)
        return made

    def _keep(self, instance: str | None, made: MadeCode) -> None:
        if instance is not None:
            keep_code(self._desk.rooms.store, self._desk.rooms.vault, instance, made)
