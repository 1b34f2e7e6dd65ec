"""The session: open documents, and the threads that save, generate and test behind them."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from builder_app.flow.edits import Edit
from builder_app.flow.problems import errors
from builder_app.flow.values import EMPTY_FLOW, LogicFlow
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress, TestConfig
from builder_app.session import events
from builder_app.session.background import Latest, Post
from builder_app.session.document import Document, View
from builder_app.session.drafts import DraftWriter
from builder_app.session.export import Export, ExportRefused, exported_files, price_symbols, write_folder
from builder_app.session.generating import Generated, generate, with_lint
from builder_app.session.journal import Entry
from builder_app.session.kept_tests import Job, KeptTests, Outcome, ensure_instance
from builder_app.session.one_run import load_pool
from builder_app.session.opening import open_drafts, open_new, open_saved
from builder_app.session.rooms import Rooms, SymbolInfo
from builder_app.session.runs import TestRuns
from builder_app.session.stored_flow import split_flow

LIVE_LIMIT_SECONDS: Final = 0.3


class Session:
    """One strategist at work. Every method is called from the owner's thread; events arrive there too."""

    def __init__(self, rooms: Rooms, post: Post) -> None:
        self.rooms = rooms
        self.documents: dict[str, Document] = {}
        self.post = post
        self._listeners: list[Callable[[events.Event], None]] = []
        self.slow_writes = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._drafts = DraftWriter(rooms.store.sessions.write, self._draft_saved, self._draft_failed)
        self._generating = Latest("code-generation", self._generate, self._generated)
        self._linting = Latest("code-lint", self._lint, self._linted)
        self._runs = TestRuns(
            KeptTests(rooms.store, rooms.runner, self.load_prices), self._run_progressed, self._run_ended
        )

    # -- listening ----------------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        """Tell `listener` every event from now on, in the owner's thread."""
        self._listeners.append(listener)

    def tell(self, event: events.Event) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(event)

    @property
    def is_idle(self) -> bool:
        """Nothing is being generated or tested."""
        return self._generating.is_idle and self._runs.is_idle

    # -- opening and closing ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Close tests that a crash left running, and open again what was open when the program ended."""
        self.rooms.runner.start()
        self.rooms.store.quick_tests.close_orphans()
        for found in open_drafts(self.rooms.store):
            if isinstance(found, str):
                self.tell(events.Refused("", found))
            else:
                self.add(found)
        self.tell(events.PricesChanged(self.symbols()))

    def new_document(self, flow: LogicFlow = EMPTY_FLOW) -> Document:
        """Open a new strategy that starts as `flow`."""
        return self.add(open_new(self.rooms.store, flow))

    def open_strategy(self, instance: str) -> Document:
        """Open a saved strategy, or the document that has it open already."""
        for document in self.documents.values():
            if document.instance == instance:
                return document
        return self.add(open_saved(self.rooms.store, instance))

    def close_document(self, document: Document) -> None:
        """Close a strategy. Its draft stays, and is found again on the start page."""
        self._runs.cancel(document.id)
        self._generating.forget(document.id)
        self._snapshot(document, is_open=False)
        del self.documents[document.id]
        self.tell(events.DocumentClosed(document.id))

    def close(self) -> None:
        """End the session: every draft is made durable, every thread ends."""
        for document in self.documents.values():
            self._snapshot(document, is_open=True)
        self._runs.close()
        self._generating.close()
        self._linting.close()
        self.slow_writes.shutdown()
        self._drafts.close()
        self.rooms.runner.close()

    def flush(self) -> bool:
        """Wait until every edit is durable."""
        return self._drafts.flush()

    # -- changing -----------------------------------------------------------------------------------------------

    def edit(self, document: Document, edit: Edit, gesture: str = "") -> None:
        """Change the document's flow; raises EditRefused where the edit does not fit."""
        document.edit(edit, gesture)

    def set_config(self, document: Document, config: TestConfig) -> None:
        """Change the test set-up."""
        if config == document.config:
            return
        document.config = config
        self._snapshot(document, is_open=True)
        self.tell(events.ConfigChanged(document.id, config))
        if document.live and document.is_coded:
            self._start_test(document, live=True)

    def set_view(self, document: Document, view: View) -> None:
        """Remember where the strategist looks; it is written with the next snapshot."""
        document.view = view

    def set_live(self, document: Document, live: bool) -> None:
        """While live, every edit is tested as it is made."""
        document.live = live
        if live and document.is_coded:
            self._start_test(document, live=True)

    def save(self, document: Document) -> None:
        """Make the draft the saved strategy; StrategySaved tells when it is."""
        flow, name, instance = document.flow, document.name, document.instance

        def write() -> None:
            store = self.rooms.store
            made = ensure_instance(store, instance, flow, name)
            if instance is not None:
                logic_flow, parameters = split_flow(flow)
                store.strategies.save(made, logic_flow, parameters, name)
            else:
                store.sessions.bind(document.id, made)
            self.post(lambda: self._saved(document, made, flow))

        self.slow_writes.submit(write)

    def _saved(self, document: Document, instance: str, flow: LogicFlow) -> None:
        document.instance, document.saved_flow = instance, flow
        self.tell(events.StrategySaved(document.id, instance))

    # -- testing ------------------------------------------------------------------------------------------------

    def run_test(self, document: Document) -> None:
        """Test the newest picture: at once where its code is there, else as soon as it is."""
        if document.is_coded:
            self._start_test(document, live=False)
        else:
            document.test_when_coded = True

    def cancel_test(self, document: Document) -> None:
        """Stop the document's tests; RunFailed tells when they have stopped."""
        document.test_when_coded = False
        self._runs.cancel(document.id)

    @property
    def worker_state(self) -> str:
        """Whether a test can begin at once, in two words."""
        return "worker ready"

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """What the library of prices has."""
        return self.rooms.library.symbols()

    def load_prices(self, config: TestConfig) -> Panel:
        """The bars that a test set-up asks for; raises ValueError with a sentence where there are none."""
        return load_pool(self.rooms.library, config)

    def _start_test(self, document: Document, *, live: bool) -> None:
        if document.program is None or document.report is None:
            if not live:
                self.tell(events.RunFailed(document.id, _not_code_yet(document), live))
            return
        job = Job(
            document.id, document.instance, document.flow, document.program, document.report, document.config, live
        )
        self.tell(events.RunStarted(document.id, live))
        self._runs.start(job)

    def _run_progressed(self, job: Job, progress: RunProgress) -> None:
        self.post(lambda: self.tell(events.RunProgressed(job.document, progress)))

    def _run_ended(self, job: Job, instance: str | None, outcome: Outcome) -> None:
        self.post(lambda: self._take_outcome(job, instance, outcome))

    def _take_outcome(self, job: Job, instance: str | None, outcome: Outcome) -> None:
        document = self.documents.get(job.document)
        if document is None:
            return
        if instance is not None and document.instance is None:
            document.instance, document.saved_flow = instance, job.flow
            self.tell(events.StrategySaved(document.id, instance))
        if isinstance(outcome, RunFailure):
            document.export_to = document.export_to if job.live else None
            self.tell(events.RunFailed(document.id, outcome, job.live))
            return
        document.result, document.tested_hash = outcome, job.program.sha256
        self.tell(events.RunFinished(document.id, outcome, job.live))
        if document.export_to is not None and not document.result_is_stale:
            self._write_export(document)
        if job.live and document.live and outcome.seconds > LIVE_LIMIT_SECONDS:
            document.live = False
            message = f"Live is off: this test took {outcome.seconds * 1000:.0f} ms. Press Test to run it."
            self.tell(events.LiveTurnedDown(document.id, message))

    def export(self, document: Document, folder: Path) -> None:
        """Write the tested code to a folder, testing it first where its newest text was not; Exported tells when."""
        document.export_to = folder
        if document.result is not None and document.is_coded and not document.result_is_stale:
            self._write_export(document)
        else:
            self.run_test(document)

    def _write_export(self, document: Document) -> None:
        folder, document.export_to = document.export_to, None
        program, result = document.program, document.result
        if folder is None or program is None or result is None:
            return
        flow, config, id = document.flow, document.config, document.id

        def write() -> None:
            try:
                prices = self.rooms.library.csv_text(price_symbols(config, result))
                write_folder(folder, exported_files(Export(flow, program, config, result, prices)))
            except (ExportRefused, ValueError) as reason:
                refused = events.Refused(id, str(reason))
                self.post(lambda: self.tell(refused))
            else:
                self.post(lambda: self.tell(events.Exported(id, str(folder))))

        self.slow_writes.submit(write)

    # -- what follows an edit -----------------------------------------------------------------------------------

    def add(self, document: Document) -> Document:
        """Take a document in, keep it from now on, and tell that it is open."""
        document.on_change = self._changed
        self.documents[document.id] = document
        self._snapshot(document, is_open=True)
        self.tell(events.DocumentOpened(document.id))
        self._generating.ask(document.id, document.flow)
        return document

    def _changed(self, document: Document, before: LogicFlow, entry: Entry) -> None:
        self._drafts.record(document.id, document.sequence, entry, document.flow, document.metadata(is_open=True))
        self._generating.ask(document.id, document.flow)
        self.tell(events.FlowChanged(document.id, before, document.flow))

    def _snapshot(self, document: Document, *, is_open: bool) -> None:
        self._drafts.snapshot(document.id, document.sequence, document.flow, document.metadata(is_open=is_open))

    def _draft_saved(self, draft: str, sequence: int, at: datetime.datetime) -> None:
        def take() -> None:
            document = self.documents.get(draft)
            if document is None:
                return
            document.durable = max(document.durable, sequence)
            if document.sequence <= sequence:
                self.tell(events.DraftSaved(draft, at))

        self.post(take)

    def _draft_failed(self, draft: str, message: str) -> None:
        self.post(lambda: self.tell(events.DraftNotSaved(draft, message)))

    def _generate(self, _document: str, flow: LogicFlow) -> Generated:
        return generate(flow, self.rooms.catalogue)

    def _generated(self, key: str, flow: LogicFlow, generated: Generated) -> None:
        self.post(lambda: self._take_generated(key, flow, generated))

    def _take_generated(self, key: str, flow: LogicFlow, generated: Generated) -> None:
        document = self.documents.get(key)
        if document is None or document.flow is not flow:
            return
        before = document.program
        document.coded_flow = flow
        document.problems, document.program, document.report = generated.problems, generated.program, generated.report
        self.tell(events.ProblemsFound(key, generated.problems))
        self.tell(events.ProgramGenerated(key, generated.program, generated.report))
        if generated.program is not None:
            self._linting.ask(key, generated)
        if document.test_when_coded:
            document.test_when_coded = False
            self._start_test(document, live=False)
        elif document.live and generated.program != before:
            self._start_test(document, live=True)

    def _lint(self, _document: str, generated: Generated) -> Generated:
        return with_lint(generated)

    def _linted(self, key: str, _question: Generated, generated: Generated) -> None:
        def take() -> None:
            document = self.documents.get(key)
            if document is not None and document.program is generated.program:
                document.report = generated.report
                self.tell(events.ProgramGenerated(key, generated.program, generated.report))

        self.post(take)


def _not_code_yet(document: Document) -> RunFailure:
    count = len(errors(document.problems))
    what = "one problem keeps it" if count == 1 else f"{count} problems keep it"
    message = f"'{document.name}' cannot be tested yet: {what} from becoming code. See Problems."
    return RunFailure(FailureKind.BAD_REQUEST, message)
