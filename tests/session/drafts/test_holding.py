"""Opening and taking over a draft leave a line in the store's audit."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builder_app.session.drafts.holding import Holding
from builder_app.store import open_store
from tests.store.places import MIGRATIONS, OWNER


def test_what_is_opened_taken_over_and_closed_is_written_down(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db", MIGRATIONS, OWNER) as store:
        draft = store.sessions.open(None, "New").id
        store.sessions.hold(draft, "another window")
        with ThreadPoolExecutor(1) as executor:
            holding = Holding(store, executor)
            holding.opened(draft)
            holding.closed(draft)
            holding.opened("nowhere")
        said = [line.what for line in store.sessions.audit(draft)]
        assert said == ["begun", "opened by another window", f"taken over from another window by {holding.holder}"]
        assert store.sessions.hold(draft, "a third") is None, "it was released"


def test_the_end_of_the_program_gives_every_draft_free(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db", MIGRATIONS, OWNER) as store:
        draft = store.sessions.open(None, "New").id
        with ThreadPoolExecutor(1) as executor:
            holding = Holding(store, executor)
            store.sessions.hold(draft, holding.holder)
            holding.close((draft, "nowhere"))
            assert store.sessions.hold(draft, "the next start") is None
