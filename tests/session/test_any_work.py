"""Any work in any order, with sessions closed in good order or crashed, over a real store, equals a model in memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.session.drafts import drafts
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.history import History
from builder_app.session.session import Session
from builder_app.session.shelf.listing import open_listed
from tests.flow.strategies import fitting_edits
from tests.ground import LastingRunner, settle
from tests.session.mailbox import Mailbox
from tests.session.strategist import OWNER, Ground, open_user_store

WORK = ("edit", "edit", "edit", "gesture", "gesture", "end gesture", "undo", "undo", "redo", "jump", "snapshot")
ENDINGS = ("close", "crash", "crash", "close document")


class Model:
    """What the strategist had after each step of the journal; steps that did not last are forgotten."""

    def __init__(self, document: Document) -> None:
        self.states: list[tuple[LogicFlow, History]] = [(document.flow, document.history)]

    def follow(self, document: Document) -> None:
        """Take every step that was made since the last look."""
        assert document.sequence >= len(self.states) - 1
        while len(self.states) <= document.sequence:
            self.states.append((document.flow, document.history))

    def back_to(self, sequence: int) -> tuple[LogicFlow, History]:
        """What there was after this step; later ones never were."""
        del self.states[sequence + 1 :]
        return self.states[sequence]


def work_on(session: Session, document: Document, model: Model, data: st.DataObject) -> None:
    """Some steps of random work; a jump is several steps at once, and every one of them is remembered."""

    def remember(changed: Document, *change: object) -> None:
        told(changed, *change)  # type: ignore[arg-type]
        model.follow(changed)

    told = document.on_change
    document.on_change = remember
    for _ in range(data.draw(st.integers(0, 9))):
        match data.draw(st.sampled_from(WORK)):
            case "edit":
                document.edit(data.draw(fitting_edits(document.flow)))
            case "gesture":
                document.edit(data.draw(fitting_edits(document.flow)), "slider")
            case "end gesture":
                document.end_gesture()
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case "jump":
                document.jump(data.draw(st.integers(0, len(document.history.steps))))
            case _:
                session.set_live(document, not document.live)
    document.on_change = told


@contextmanager
def home(catalogue: Catalogue, runner: LastingRunner) -> Iterator[Ground]:
    """A data folder of its own for each example of a property."""
    with tempfile.TemporaryDirectory() as folder:
        settle(Path(folder))
        yield Ground(Path(folder), catalogue, runner)


def crash(session: Session) -> None:
    """The program ends where it stands: what waits to be written is lost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "FLUSH_SECONDS", 0.0)
        session.close()


def worked(place: Ground, data: st.DataObject, model: Model | None, draft: str) -> tuple[Model, str, str, int]:
    """One session: its model, the draft's id, how it ended, and how many steps of it last."""
    with open_user_store(place.folder, OWNER) as store:
        mailbox = Mailbox()
        session = Session(place.rooms(store), mailbox)
        session.start()
        if model is None:
            document = session.new_document()
            model = Model(document)
        else:
            document = session.documents.get(draft) or open_listed(session, f"draft:{draft}")
            assert (document.flow, document.history) == model.back_to(document.sequence)
        work_on(session, document, model, data)
        ending = data.draw(st.sampled_from(ENDINGS))
        if ending == "crash" or data.draw(st.booleans()):
            assert session.flush()
        mailbox.run_waiting()
        durable = document.sequence
        if ending == "crash":
            store.close()
            work_on(session, document, model, data)  # nothing of this reaches the disk
            crash(session)
        elif ending == "close document":
            session.close_document(document)
        session.close()
    return model, document.id, ending, durable


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_any_work_with_any_endings_equals_the_model(
    catalogue: Catalogue, runner: LastingRunner, data: st.DataObject
) -> None:
    with home(catalogue, runner) as place:
        equal_the_model(place, data)


@pytest.mark.long
@pytest.mark.timeout(1200)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_much_work_with_any_endings_equals_the_model(
    catalogue: Catalogue, runner: LastingRunner, data: st.DataObject
) -> None:
    with home(catalogue, runner) as place:
        equal_the_model(place, data)


def equal_the_model(place: Ground, data: st.DataObject) -> None:
    """Some sessions one after the other, then a look at what lasted."""
    model: Model | None = None
    draft, ending, durable = "", "", 0
    for _ in range(data.draw(st.integers(1, 4))):
        model, draft, ending, durable = worked(place, data, model, draft)
    assert model is not None
    with place.store() as store:
        loaded = store.sessions.load(draft)
        assert loaded.problem == ""
        assert loaded.last_sequence == durable
    with place.strategist() as work:
        if draft not in work.session.documents and not durable:
            return  # nothing was ever done in it, and it left nothing behind
        assert (draft in work.session.documents) == (ending != "close document")
        document = work.session.documents.get(draft) or open_listed(work.session, f"draft:{draft}")
        assert (document.flow, document.history) == model.back_to(document.sequence)
        document.jump(0)
        assert document.flow == model.states[0][0]
