"""A store saved by each released revision opens with everything in it."""

import gzip
import sys
from pathlib import Path

import pytest

from builder_app.store import Store, open_store
from builder_app.store.list_records import TestCounts
from builder_app.store.migration import known_revisions
from builder_app.store.sqlite_file import inspect
from tests.store.places import MIGRATIONS, OWNER, RELEASED, STRANGER
from tests.store.world import CODE, FLOW, NODE_TEMPLATE, populate, steps


def save(revision: str) -> None:
    """Write the saved store of the newest revision: done once, when it is released."""
    path = RELEASED / f"{revision}.db"
    with open_store(path, MIGRATIONS, OWNER) as store:
        populate(store)
        store.quick_tests.complete(store.quick_tests.recent(_only_strategy(store))[0].id, {"equity": [1.0]}, {}, 0.5)
    (RELEASED / f"{revision}.db.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    for made in RELEASED.glob(f"{path.name}*"):
        if made.suffix != ".gz":
            made.unlink()


def _only_strategy(store: Store) -> str:
    (summary,) = store.strategies.list().items
    return summary.id


def test_every_revision_has_a_saved_store() -> None:
    assert sorted(path.name for path in RELEASED.iterdir()) == [f"{name}.db.gz" for name in known_revisions(MIGRATIONS)]


@pytest.mark.parametrize("revision", known_revisions(MIGRATIONS))
def test_a_saved_store_opens_with_everything_in_it(revision: str, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(gzip.decompress((RELEASED / f"{revision}.db.gz").read_bytes()))
    assert inspect(path).revision == revision
    with open_store(path, MIGRATIONS, OWNER) as store:
        strategy = store.strategies.get(_only_strategy(store))
        assert (strategy.name, strategy.logic_flow) == ("A strategy", FLOW)
        (session,) = store.sessions.active()
        loaded = store.sessions.load(session.id)
        assert (loaded.problem, loaded.logic_flow, loaded.entries) == ("", FLOW, tuple(steps(1, 3)))
        (test,) = store.quick_tests.recent(strategy.id)
        assert store.quick_tests.get(test.id).test_result == {"equity": [1.0]}
        generation = store.generations.latest(strategy.id, "standalone")
        assert generation is not None
        assert generation.generated_code == CODE
        assert NODE_TEMPLATE.name in [record.name for record in store.node_templates.list().items]
        assert [record.name for record in store.strategy_templates.list().items] == ["Crossover"]
        assert store.quick_tests.counts() == TestCounts(completed=1)
        if revision >= "0002":
            assert store.strategies.tags() == {"daily": 1, "trend": 1}
            (version,) = store.versions.list(strategy.id).items
            assert version.version_note == "A kept version"
        assert store.as_principal(STRANGER).strategies.list().items == ()
    assert inspect(path).revision == known_revisions(MIGRATIONS)[-1]


if __name__ == "__main__":
    save(sys.argv[1])
