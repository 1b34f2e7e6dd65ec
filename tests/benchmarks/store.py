"""How quick the store is at a million rows: `python -m tests.benchmarks.store [FOLDER]`.

Makes a store of 1,000,000 quick tests, 200,000 generations, 10,000 sessions and 1,000 templates (in FOLDER it is made
once and copied), then measures the ten queries of the schema through their repository methods, opening, and a whole
cleanup, and prints a table against the targets. The exit code is 1 where one was missed.
"""

import datetime
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event

from builder_app.store import Principal, Store, clock, open_store
from builder_app.store.list_records import NodeTemplateWish, TestWish
from builder_app.store.retention import run_job
from builder_app.store.retention_rules import Job
from builder_app.store.vocabulary import NodeType, TestStatus, ValidationStatus
from tests.benchmarks.store_rows import CATEGORIES, OWNER, Filler, Sizes

MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"
ROUNDS: Final = 200
QUERY_TARGET, OPENING_TARGET, CLEANUP_TARGET, LOCK_TARGET = 0.005, 0.150, 2.0, 0.050
Query = Callable[[Store, int], Any]


@dataclass(frozen=True)
class Line:
    """One line of the table; times are in seconds, the target is for the last of them."""

    what: str
    times: tuple[float, ...]
    target: float

    @property
    def was_met(self) -> bool:
        return self.times[-1] <= self.target


def main(arguments: Sequence[str]) -> int:
    """Measure everything; the exit code."""
    with tempfile.TemporaryDirectory() as temporary:
        made = made_store(Path(arguments[0]) if arguments else Path(temporary))
        path = Path(temporary) / "measured.db"
        shutil.copy(made, path)
        os.sync()  # or the first checkpoint would wait until the whole copy is on the disk
        print(f"The store has {path.stat().st_size / 1e6:,.0f} MB.", flush=True)
        missed = 0
        for line in measured(path):
            shown = " / ".join(f"{seconds * 1000:9.2f}" for seconds in line.times)
            missed += not line.was_met
            verdict = "" if line.was_met else "MISSED"
            print(f"{line.what:<58} {shown:>24} ms   target {line.target * 1000:6.0f}   {verdict}", flush=True)
    return 1 if missed else 0


def measured(path: Path) -> Iterator[Line]:
    """Every line of the table, as it is measured."""
    yield from opening(path)
    with open_store(path, MIGRATIONS, Principal(OWNER)) as store:
        yield from queries(store)
        yield from cleanup(store)


def made_store(folder: Path) -> Path:
    """The filled store, made where it is not there yet."""
    path = folder / "filled.db"
    if not path.exists():
        began = time.perf_counter()
        unfinished = folder / "unfinished.db"
        folder.mkdir(parents=True, exist_ok=True)
        open_store(unfinished, MIGRATIONS, Principal(OWNER)).close()
        Filler(Sizes(), clock.now()).fill(unfinished)
        unfinished.rename(path)
        print(f"Made in {time.perf_counter() - began:.0f} s.")
    return path


def opening(path: Path) -> Iterator[Line]:
    """Opening and the checks before it, on a file that was closed in good order."""
    times = []
    for _ in range(7):
        began = time.perf_counter()
        store = open_store(path, MIGRATIONS, Principal(OWNER))
        times.append(time.perf_counter() - began)
        store.close()
    yield Line("start-up check, first / slowest of the others", (times[0], max(times[1:])), OPENING_TARGET)


def queries(store: Store) -> Iterator[Line]:
    """Each of the ten queries on changing rows, warm: median and 95th percentile."""
    for what, query in ten_queries(store).items():
        for number in range(20):
            query(store, number)
        times = []
        for number in range(ROUNDS):
            began = time.perf_counter()
            query(store, number)
            times.append(time.perf_counter() - began)
        times.sort()
        yield Line(what, (times[ROUNDS // 2], times[ROUNDS * 95 // 100]), QUERY_TARGET)


def ten_queries(store: Store) -> dict[str, Query]:
    """The schema's ten queries by what they ask; the last one on each of the histories."""
    strategies = [item.id for item in store.strategies.list(limit=200).items]
    busiest = max(strategies, key=lambda id: len(store.quick_tests.list(TestWish(id), 1_000).items))
    texts = [text for id in strategies[:50] for text in store.generations.list(id, 4).items]
    keys = [page_key(store, pages) for pages in (0, 3, 20)]
    types = list(NodeType)
    failed = TestWish(status=TestStatus.FAILED)

    def text(store: Store, number: int) -> Any:
        wanted = texts[number % len(texts)]
        found = store.generations.find(wanted.instance_id, wanted.target, wanted.code_hash)
        assert found is not None
        return found

    return {
        "1. the user's active session": lambda store, number: store.sessions.newest_active(),
        "2. the 10 newest tests of a strategy": lambda store, number: store.quick_tests.recent(strategies[number]),
        "2. … of one with 100,000 tests": lambda store, number: store.quick_tests.recent(busiest),
        "3. templates by type and category, by usage": lambda store, number: store.node_templates.list(
            NodeTemplateWish(types[number % 8], CATEGORIES[number % 5])
        ),
        "4. popular system templates": lambda store, number: store.node_templates.popular(20),
        "5. expired or stale sessions still active": lambda store, number: store.sessions.expired(),
        "6. is this text stored?": text,
        "7. strategies with their latest code, a page of 50": lambda store, number: store.strategies.with_latest_code(
            50, keys[number % 3]
        ),
        "8. the user's success rate": lambda store, number: store.quick_tests.counts().success_rate,
        "9. recent failures by verdict": lambda store, number: store.generations.failures(
            (ValidationStatus.SYNTAX_ERROR, ValidationStatus.RUNTIME_ERROR)[number % 2]
        ),
        "10. strategies, a page of 50": lambda store, number: store.strategies.list(after_key=keys[number % 3]),
        "10. all tests, a page of 50": lambda store, number: store.quick_tests.list(),
        "10. failed tests, a page of 50": lambda store, number: store.quick_tests.list(failed),
        "10. a strategy's failed tests": lambda store, number: store.quick_tests.list(
            TestWish(strategies[number], TestStatus.FAILED)
        ),
        "10. generations of a strategy": lambda store, number: store.generations.list(strategies[number]),
        "10. sessions, a page of 50": lambda store, number: store.sessions.list(),
    }


def page_key(store: Store, pages: int) -> Any:
    """The key after so many pages of strategies."""
    key = None
    for _ in range(pages):
        key = store.strategies.list(after_key=key).next_key
    return key


def cleanup(store: Store) -> Iterator[Line]:
    """A whole cleanup, every rule of every job; and how long each of its transactions held the write lock."""
    now = clock.now() + datetime.timedelta(seconds=1)
    with transactions(store) as held:
        began = time.perf_counter()
        outcomes = [run_job(store.connections, job, now) for job in Job]
        seconds = time.perf_counter() - began
    for outcome in outcomes:
        print(f"{outcome.job.value}: {dict(outcome.counts)} in {outcome.seconds:.2f} s", flush=True)
    rows = sum(sum(outcome.counts.values()) for outcome in outcomes)
    yield Line(f"a whole cleanup, {rows:,} rows", (seconds,), CLEANUP_TARGET)
    locks = (sorted(held)[len(held) // 2], max(held))
    yield Line(f"write lock held, median / longest of {len(held)} times", locks, LOCK_TARGET)


@contextmanager
def transactions(store: Store) -> Iterator[list[float]]:
    """For how long each transaction on the write connection lasted, from BEGIN to the end of COMMIT."""
    writer = store.connections.engines[0]
    began, held = [0.0], list[float]()

    def begin(_connection: Any) -> None:
        began[0] = time.perf_counter()

    event.listen(writer, "begin", begin)
    execute = writer.dialect.do_commit

    def commit(connection: Any) -> None:
        execute(connection)
        held.append(time.perf_counter() - began[0])

    setattr(writer.dialect, "do_commit", commit)  # noqa: B010
    try:
        yield held
    finally:
        setattr(writer.dialect, "do_commit", execute)  # noqa: B010
        event.remove(writer, "begin", begin)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
