"""From draft to saved strategy: made where there is none, saved over the version it goes on from, over no other one."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.session import events
from builder_app.session.background import survive
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.stored_flow import flow_or_none, split_flow
from builder_app.session.secrecy.sealing import Seal, of_strategy, opened_flow
from builder_app.store import NotThere, StoreConflict, new_id


@dataclass(frozen=True, slots=True)
class SavedAs:
    """The saved strategy of a draft, its version, and whether it was made just now."""

    instance: str
    version: int = 1
    is_new: bool = False


class Saving:
    """Saves on a thread of its own, in the order of the wishes; `keep_draft` is called where a draft has new ground.

    `template_id` finds the template that a strategy was begun from, by its name; a new strategy remembers it.
    """

    def __init__(
        self, desk: Desk, keep_draft: Callable[[Document], None], template_id: Callable[[str], str | None]
    ) -> None:
        self._desk, self._store, self._keep_draft = desk, desk.rooms.store, keep_draft
        self._template_id = template_id
        self._templates: dict[str, str] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="strategy-saver")
        self._lock = threading.Lock()
        self._saved: dict[str, SavedAs] = {}

    def opened(self, document: Document) -> None:
        """From now on this document is known by the strategy that it was opened from."""
        with self._lock:
            self._saved.pop(document.id, None)
            self._templates[document.id] = document.template
            if document.instance is not None:
                self._saved[document.id] = SavedAs(document.instance, document.saved_version)

    def save(self, document: Document) -> None:
        """Make the draft the saved strategy; StrategySaved or Refused tells how it ended."""
        self._thread.submit(self._save, document.id, document.instance, document.flow)

    def saved_as(self, document: str, instance: str | None, flow: LogicFlow) -> SavedAs:
        """The saved strategy of a draft, made from this flow where there is none; from any thread, made only once."""
        with self._lock:
            known = self._saved.get(document)
            if known is None and instance is not None:
                known = self._saved[document] = SavedAs(instance)
            return known or self._make(document, flow)

    def take(self, document_id: str, saved: SavedAs, flow: LogicFlow) -> None:
        """In the owner's thread: this flow is the saved one now."""
        document = self._desk.documents.get(document_id)
        if document is not None:
            document.instance, document.saved_flow, document.saved_version = saved.instance, flow, saved.version
            self._keep_draft(document)
        self._desk.tell(events.StrategySaved(document_id, saved.instance))

    def close(self) -> None:
        """Finish what is being saved."""
        self._thread.shutdown()

    def _make(self, document: str, flow: LogicFlow) -> SavedAs:
        id = new_id()
        logic_flow, parameters = split_flow(self._sealed(id, flow))
        example = self._templates.get(document, "")
        template = self._template_id(example) if example else None
        made = self._store.strategies.create(_name(flow), logic_flow, parameters, template, id)
        self._store.sessions.bind(document, made.id)
        self._saved[document] = SavedAs(made.id, made.version)
        return SavedAs(made.id, made.version, is_new=True)

    def _save(self, document: str, instance: str | None, flow: LogicFlow) -> None:
        try:
            saved = self.saved_as(document, instance, flow)
            if not saved.is_new:
                saved = self._save_over(document, saved, flow)
        except StoreConflict:
            survive(partial(self._say_saved_elsewhere, document, flow))
        except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
            why = str(reason).rstrip(".")
            message = f"'{_name(flow)}' could not be saved: {why}. Its draft is kept; save it again."
            self._desk.post_event(events.Refused(document, message))
        else:
            self._desk.post(partial(self.take, document, saved, flow))

    def _save_over(self, document: str, saved: SavedAs, flow: LogicFlow) -> SavedAs:
        logic_flow, parameters = split_flow(self._sealed(saved.instance, flow))
        with self._lock:
            try:
                strategies = self._store.strategies
                record = strategies.save(saved.instance, logic_flow, parameters, _name(flow), saved.version)
            except NotThere:  # it was deleted meanwhile; what is drawn here becomes a strategy of its own
                return self._make(document, flow)
            self._saved[document] = SavedAs(record.id, record.version)
            return self._saved[document]

    def _sealed(self, instance: str, flow: LogicFlow) -> LogicFlow:
        return Seal(self._desk.rooms.vault, of_strategy(instance)).flow(flow)

    def _say_saved_elsewhere(self, document: str, flow: LogicFlow) -> None:
        """Nothing was overwritten; the next save goes over the version that is there now."""
        with self._lock:
            saved = self._saved[document]
            record = self._store.strategies.get(saved.instance)
            self._saved[document] = replace(saved, version=record.version)
        other = flow_or_none(record.logic_flow, record.parameters)
        if other is not None:
            other = opened_flow(self._desk.rooms.vault, of_strategy(record.id), other)
        message = (
            f"'{_name(flow)}' was saved in another window since it was opened here, and was not overwritten. "
            "Save again to put this one in its place, or close it and open the other from the start page."
        )

        def told() -> None:
            opened = self._desk.documents.get(document)
            if opened is not None:
                opened.saved_flow = other
            self._desk.tell(events.Refused(document, message))

        self._desk.post(told)


def _name(flow: LogicFlow) -> str:
    return flow.name or UNTITLED_STRATEGY
