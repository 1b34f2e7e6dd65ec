"""The session: open documents, and the threads that save, generate and test behind them."""

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builder_app.flow.edits import Edit
from builder_app.flow.secret_values import guarded, guarded_edit
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import EMPTY_FLOW, LogicFlow
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.background import Post
from builder_app.session.blocks.making_blocks import MakingBlocks
from builder_app.session.blocks.user_blocks import UserBlocks
from builder_app.session.care.maintenance import Maintenance
from builder_app.session.care.store_notices import tell_store_notices
from builder_app.session.code.advising import Advising
from builder_app.session.code.coding import Coding
from builder_app.session.code.exporting import Exporting
from builder_app.session.code.targets import Targeting
from builder_app.session.desk import Desk, refusals_in_sentences
from builder_app.session.drafts.document import Document, View
from builder_app.session.drafts.drafts import DraftWriter
from builder_app.session.drafts.from_writer import FromWriter
from builder_app.session.drafts.holding import Holding
from builder_app.session.drafts.journal import Entry
from builder_app.session.drafts.opening import open_new, open_saved
from builder_app.session.drafts.saving import Saving
from builder_app.session.drafts.stored_drafts import StoredDrafts
from builder_app.session.newest import NewestAnswers
from builder_app.session.prices.known_prices import KnownPrices
from builder_app.session.prices.shown_prices import ShownPrices
from builder_app.session.rooms import Rooms
from builder_app.session.runs.block_values import AllBlockValues
from builder_app.session.runs.replays import Replays
from builder_app.session.runs.testing import Testing
from builder_app.session.runs.tests_history import TestsHistory
from builder_app.session.runs.why import WhyNot
from builder_app.session.secrecy.sealing import open_document
from builder_app.session.secrecy.secret_keeping import SecretKeeping
from builder_app.session.shelf.comparing import Comparing
from builder_app.session.shelf.template_use import TemplateUse
from builder_app.session.starting import open_what_was_open


class Session:
    """One strategist at work. Every method is called from the owner's thread; events arrive there too.

    Its parts: `drafts` autosave, `coding` code after every edit, `testing` tests, `saving` saved strategies,
    `exporting` folders, `comparing` versions, `layouts` pictures that are being laid out, `tests` the kept tests,
    `block_values` what every block gave at every bar, `why_not` why it traded or not,
    `replays` the way through a kept test once more, `blocks` what users made, `secrets` how sensitive values are kept.
    """

    def __init__(self, rooms: Rooms, post: Post) -> None:
        self.rooms, self.post = rooms, post
        self.desk = Desk(rooms, post)
        self.documents = self.desk.documents
        self.subscribe, self.tell = self.desk.subscribe, self.desk.tell
        known = KnownPrices(self.desk)
        self.symbols, self.prices_changed, self.load_prices = known.symbols, known.changed, known.load
        self.slow_writes = ThreadPoolExecutor(1, thread_name_prefix="slow-files")
        self._holding = Holding(rooms.store, self.slow_writes)
        self.closed: dict[str, Document] = {}
        """The strategies that were closed in this session, as they were left: what is on disk may be a moment older."""
        self.pictures: dict[Hashable, object] = {}
        """What lists have read of strategies that have not changed since."""
        self._is_ended = False
        self.maintenance = Maintenance(self.desk)
        listener = FromWriter(self.desk, self._draft_moved, self.maintenance.save_times)
        self._drafts = DraftWriter(StoredDrafts(rooms.store), listener, rooms.vault)
        self._uses = TemplateUse(self.desk, self.slow_writes)
        self._saving = Saving(self.desk, self._snapshot, self._uses.example_id)
        self._exporting = Exporting(self.desk, self.slow_writes)
        self._testing = Testing(self.desk, self._saving, self.load_prices, self._snapshot, self._exporting.test_ended)
        self._coding = Coding(self.desk, self._testing.made, self._testing.coded)
        self.targets = Targeting(self.desk)
        self.comparing = Comparing(self.desk)
        self.layouts = NewestAnswers("layouts", post)
        self.shown_prices = ShownPrices(self.desk)
        self.block_values = AllBlockValues(self)
        self.why_not = WhyNot(self)
        self.replays = Replays(self)
        self._advising = Advising(self)
        self.tests = TestsHistory(self.desk, self._testing)
        self.blocks = UserBlocks(self.desk, self._coding.ask, self._snapshot)
        self.making_blocks = MakingBlocks(self, self._snapshot)
        self.secrets = SecretKeeping(self.desk, self._secrets_kept_anew)

    @property
    def is_idle(self) -> bool:
        """Every open strategy has its newest code, and no test runs or waits."""
        return self._testing.is_idle and all(document.is_coded for document in self.documents.values())

    @property
    def catalogue(self) -> Catalogue:
        """The blocks that may be drawn: the program's and those that users made."""
        return self.desk.catalogue

    # -- opening and closing ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open again what was open when the program ended, close tests that a crash left running, prepare a worker."""
        tell_store_notices(self.desk)
        self.blocks.read()
        self._try(lambda: open_what_was_open(self))
        self._try(self.rooms.runner.start)
        self._try(self.maintenance.start)
        self._uses.start()
        self._try(self.secrets.start)
        self.tell(events.PricesChanged(self.symbols()))

    def new_document(self, flow: LogicFlow = EMPTY_FLOW, template: str = "", note: str = "") -> Document:
        """Open a new strategy that starts as `flow`; `template` names the example that this is, which counts as used.

        `note` are sentences that the strategist should read on opening it.

        Raises ValueError with a sentence where the store refuses.
        """
        with refusals_in_sentences():
            document = open_new(self.rooms.store, flow)
            document.template, document.note = template, note
            if template:
                self._uses.example_opened(template)
            return self.add(document)

    def open_strategy(self, instance: str) -> Document:
        """Open a saved strategy, or the document that has it open already. Raises ValueError with a sentence."""
        for document in self.documents.values():
            if document.instance == instance:
                return document
        self.flush()
        with refusals_in_sentences():
            return self.add(open_saved(self.rooms.store, instance))

    def add(self, document: Document) -> Document:
        """Take a document in, keep it from now on, and tell that it is open."""
        open_document(self.rooms.vault, document)
        document.flow = guarded(document.flow, self.catalogue)
        document.on_change = self._changed
        document.catalogue = lambda: self.catalogue
        self.documents[document.id] = document
        self.closed.pop(document.id, None)
        self._saving.opened(document)
        self._holding.opened(document.id)
        self._snapshot(document)
        self._coding.ask(document)
        self.tell(events.DocumentOpened(document.id))
        return document

    def close_document(self, document: Document) -> None:
        """Close a strategy. Its draft stays, and is found again on the start page, unless there is nothing in it."""
        if self.documents.pop(document.id, None) is None:
            return
        self._forget(document)
        self._holding.closed(document.id)
        self._snapshot(document)
        self.closed[document.id] = document
        self._drafts.close_draft(document.id, is_over=document.is_untouched or document.is_as_saved)
        self.tell(events.DocumentClosed(document.id))

    def close(self) -> bool:
        """End the session: every draft is made durable, then every thread ends. False where a draft could not be.

        A second call does nothing.
        """
        if self._is_ended:
            return True
        self._is_ended = True
        self._holding.close(tuple(self.documents))
        for document in self.documents.values():
            self._snapshot(document)
        durable = self._drafts.flush()
        self._testing.close()
        self.tests.close()
        self._saving.close()
        self._uses.close()
        self._coding.close()
        self.targets.close()
        self.comparing.close()
        self.layouts.close()
        self.shown_prices.close()
        self.block_values.close()
        self.why_not.close()
        self.replays.close()
        self.making_blocks.close()
        self.blocks.close()
        self.slow_writes.shutdown(wait=False)  # an import or export under way goes on without the session
        durable = self._drafts.close(None if durable else 0.0)
        self.secrets.close()
        self.maintenance.close()
        self.rooms.runner.close()
        return durable

    def flush(self) -> bool:
        """Wait until every edit is durable; False where the store does not take them in time."""
        return self._drafts.flush()

    # -- changing -----------------------------------------------------------------------------------------------

    def edit(self, document: Document, edit: Edit, gesture: str = "") -> None:
        """Change the document's flow; raises EditRefused where the edit does not fit."""
        document.edit(guarded_edit(edit, document.flow, self.catalogue), gesture)

    def set_config(self, document: Document, config: TestConfig) -> None:
        """Change the test set-up."""
        if config == document.config:
            return
        document.config = config
        self._snapshot(document)
        self.tell(events.ConfigChanged(document.id, config))
        self._testing.follow(document)

    def set_view(self, document: Document, view: View) -> None:
        """Remember where the strategist looks; it is written with the next snapshot."""
        document.view = view

    def save(self, document: Document) -> None:
        """Make the draft the saved strategy; StrategySaved tells when it is, Refused why it is not."""
        self._saving.save(document)

    # -- testing and exporting ----------------------------------------------------------------------------------

    def run_test(self, document: Document) -> None:
        """Test the newest picture: at once where its code is there, else as soon as it is."""
        self._testing.run(document)

    def cancel_test(self, document: Document) -> None:
        """Stop the document's tests; RunFailed tells when they have stopped."""
        self._testing.cancel(document)

    def cancel_queued(self, number: int) -> None:
        """Stop one test of the queue, whosever it is."""
        self._testing.cancel_one(number)

    def set_live(self, document: Document, live: bool) -> None:
        """While live, every edit is tested as it is made."""
        self._testing.set_live(document, live)

    def export(self, document: Document, folder: Path) -> None:
        """Write the tested code to a folder, testing it first where its newest text was not; Exported tells when."""
        self._exporting.export(document, folder, self._testing)

    @property
    def worker_state(self) -> str:
        """What the tests are doing, in two words."""
        if self._testing.is_busy:
            return "testing…"
        return "worker ready" if self.rooms.runner.is_ready else "worker starting"

    # -- what follows -------------------------------------------------------------------------------------------

    def _changed(self, document: Document, before: LogicFlow, entry: Entry) -> None:
        self._coding.ask(document)  # first: whoever drags a slider waits for what comes of it
        self.maintenance.save_times.made(document.id, document.sequence)
        self._uses.edited(entry)
        metadata = document.metadata(is_open=document.id in self.documents)
        self._drafts.record(document.id, document.sequence, entry, document.flow, metadata)
        self.tell(events.FlowChanged(document.id, before, document.flow))

    def _snapshot(self, document: Document) -> None:
        metadata = document.metadata(is_open=document.id in self.documents)
        self._drafts.snapshot(document.id, document.sequence, document.flow, metadata)

    def _secrets_kept_anew(self, document: Document) -> None:
        self._snapshot(document)
        self._coding.ask(document)

    def _forget(self, document: Document) -> None:
        self._testing.forget(document)
        self._coding.forget(document)
        self.comparing.forget(document)
        self.layouts.stop(document.id)
        self._exporting.forget(document)

    def _draft_moved(self, old: str, new: str) -> None:
        """Another program writes to this document's draft: it goes on under the new id, and says so."""
        self._drafts.follow_move(old)
        document = self.documents.pop(old, None)
        if document is None:
            return
        self._forget(document)
        self.tell(events.DocumentClosed(old))
        document.id = new
        document.note = (
            f"The draft of '{document.name}' was changed or removed by another window. What is drawn here goes on as a "
            "draft of its own; the other one, where there is one, is on the start page."
        )
        self.add(document)

    def _try(self, call: Callable[[], object]) -> None:
        """One part of the start: its trouble is said, and keeps nothing else from starting."""
        try:
            call()
        except Exception as reason:  # the strategist gets a window, whatever is broken
            self.tell(events.Refused("", f"Something could not be made ready: {str(reason).rstrip('.')}."))
