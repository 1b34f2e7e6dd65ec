"""Generated texts: one row per strategy, target and hash, also with many writers at once."""

import hashlib
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from builder_app.store import RefusedValue, Store, open_store
from builder_app.store.errors import DamagedRow
from builder_app.store.records import PageKey
from builder_app.store.vocabulary import ValidationStatus
from tests.store.places import MIGRATIONS, OWNER
from tests.store.raw import count_rows
from tests.store.world import CODE, CODE_HASH, FLOW, generation


@pytest.fixture
def instance(store: Store) -> str:
    return store.strategies.create("Generated", FLOW, {}).id


class TestGenerations:
    def test_a_recorded_text_comes_back_whole(self, store: Store, instance: str) -> None:
        new = replace(
            generation(instance),
            parameters={"fast": {"value": 10}},
            validation_result={"lint_warnings": []},
            syntax_check_passed=True,
            security_check_passed=False,
            code_version="0.1.0",
            complexity_score=3,
            generation_time=0.01,
        )
        record = store.generations.record(new)
        assert store.generations.latest(instance, "standalone") == record
        assert store.generations.find(instance, "standalone", CODE_HASH) == record
        assert (record.generated_code, record.code_hash, record.line_count) == (CODE, CODE_HASH, 2)
        assert hashlib.sha256(record.generated_code.encode()).hexdigest() == record.code_hash
        assert (record.logic_flow_snapshot, record.parameters_snapshot) == (FLOW, {"fast": {"value": 10}})
        assert (record.validation_status, record.validation_result) == (ValidationStatus.VALID, {"lint_warnings": []})
        assert (record.syntax_check_passed, record.security_check_passed) == (True, False)
        assert (record.code_version, record.complexity_score, record.generation_time) == ("0.1.0", 3, 0.01)

    def test_there_is_no_text_before_the_first(self, store: Store, instance: str) -> None:
        assert store.generations.latest(instance, "standalone") is None
        assert store.generations.find(instance, "standalone", CODE_HASH) is None

    def test_the_same_text_again_is_the_same_row_with_the_newest_verdict(self, store: Store, instance: str) -> None:
        first = store.generations.record(replace(generation(instance), validation_status=ValidationStatus.PENDING))
        again = store.generations.record(generation(instance))
        assert (again.id, again.created_at) == (first.id, first.created_at)
        assert again.validation_status is ValidationStatus.VALID
        assert again.updated_at > first.updated_at

    def test_another_target_text_or_strategy_is_another_row(self, store: Store, instance: str) -> None:
        other = store.strategies.create("Another", FLOW, {}).id
        news = (
            generation(instance),
            replace(generation(instance), target="vectorbt"),
            generation(instance, CODE + "# more\n"),
            generation(other),
        )
        assert len({store.generations.record(new).id for new in news}) == 4
        vectorbt = store.generations.latest(instance, "vectorbt")
        assert vectorbt is not None
        assert vectorbt.target == "vectorbt"

    def test_the_latest_is_what_was_generated_last_even_if_it_is_an_old_text(self, store: Store, instance: str) -> None:
        for code in ("a = 1\n", "a = 2\n", "a = 1\n"):
            store.generations.record(generation(instance, code))
            latest = store.generations.latest(instance, "standalone")
            assert latest is not None
            assert latest.generated_code == code

    def test_a_hash_that_is_none_is_refused(self, store: Store, instance: str) -> None:
        with pytest.raises(RefusedValue, match="code_hash"):
            store.generations.record(replace(generation(instance), code_hash="abc"))

    def test_writers_at_once_keep_one_row(self, store: Store, place: str | Path, instance: str) -> None:
        with ExitStack() as stack:
            stores = [stack.enter_context(open_store(place, MIGRATIONS, OWNER)) for _ in range(4)]
            pool = stack.enter_context(ThreadPoolExecutor(8))
            writes = [pool.submit(stores[number % 4].generations.record, generation(instance)) for number in range(80)]
            assert len({write.result().id for write in writes}) == 1
        assert count_rows(store, "code_generations") == 1

    def test_the_texts_of_a_strategy_come_page_by_page_the_latest_first(self, store: Store, instance: str) -> None:
        codes = [f"a = {number}\n" for number in range(5)]
        ids = [store.generations.record(generation(instance, code)).id for code in codes]
        store.generations.record(replace(generation(instance), target="vectorbt"))
        store.generations.record(generation(instance, codes[0]))
        seen: list[str] = []
        key: PageKey | None = None
        while True:
            page = store.generations.list(instance, 2, key, "standalone")
            seen += [item.id for item in page.items]
            key = page.next_key
            if key is None:
                break
        assert seen == [ids[0], *reversed(ids[1:])]
        assert len(store.generations.list(instance).items) == 6

    def test_failures_are_found_by_their_verdict_newest_first(self, store: Store, instance: str) -> None:
        verdicts = [ValidationStatus.VALID, ValidationStatus.SYNTAX_ERROR, ValidationStatus.SECURITY_ERROR] * 2
        made = [
            store.generations.record(replace(generation(instance, f"a = {number}\n"), validation_status=verdict)).id
            for number, verdict in enumerate(verdicts)
        ]
        first = store.generations.failures(ValidationStatus.SYNTAX_ERROR, 1)
        second = store.generations.failures(ValidationStatus.SYNTAX_ERROR, 1, first.next_key)
        assert [first.items[0].id, second.items[0].id] == [made[4], made[1]]
        assert second.next_key is None
        assert store.generations.failures(ValidationStatus.RUNTIME_ERROR).items == ()


class TestDamage:
    """On a file only: the bytes are changed past the store."""

    def change(self, path: Path, change: str) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            assert connection.execute(f"UPDATE code_generations SET {change}").rowcount == 1

    @pytest.mark.parametrize(
        "change",
        [
            "generated_code = generated_code || ' '",
            "generated_code = CAST(X'FFFE' AS TEXT)",
            "logic_flow_snapshot = '{}'",
            "logic_flow_snapshot = '{\"half'",
            "parameters_snapshot = '[]'",
            "validation_status = 'PENDING'",
            "validation_status = 'FINE'",
            "validation_result = '{}'",
            "security_check_passed = 1",
            "line_count = 3",
            "generation_time = 0.1",
            "code_version = 'x'",
            "row_checksum = ''",
        ],
    )
    def test_a_damaged_row_is_named_never_trusted_and_whole_again_when_it_is_recorded_again(
        self, store: Store, path: Path, instance: str, change: str
    ) -> None:
        new = replace(generation(instance), parameters={"fast": 1})
        recorded = store.generations.record(new)
        self.change(path, change)
        with pytest.raises(DamagedRow, match="Nothing was deleted; generate it again"):
            store.generations.latest(instance, "standalone")
        with pytest.raises(DamagedRow, match="Nothing was deleted; generate it again"):
            store.generations.find(instance, "standalone", CODE_HASH)
        again = store.generations.record(new)
        assert replace(again, updated_at=recorded.updated_at) == recorded
        assert store.generations.latest(instance, "standalone") == again
        assert count_rows(store, "code_generations") == 1

    def test_every_flipped_byte_of_the_text_is_found(self, store: Store, path: Path, instance: str) -> None:
        store.generations.record(generation(instance))
        chance = random.Random(8)
        for column in ("generated_code", "code_hash", "target"):
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                (octets,) = connection.execute(f"SELECT CAST({column} AS BLOB) FROM code_generations").fetchone()
                put = f"UPDATE code_generations SET {column} = CAST(? AS TEXT)"
                for position in chance.sample(range(len(octets)), min(10, len(octets))):
                    flipped = bytearray(octets)
                    flipped[position] ^= 1 << chance.randrange(8)
                    connection.execute(put, (bytes(flipped),))
                    try:
                        found = store.generations.latest(instance, "standalone")
                    except DamagedRow:
                        continue
                    assert column == "target", "another text was trusted"
                    assert found is None, "a row whose target reads otherwise is not this target's"
                connection.execute(put, (octets,))
        assert store.generations.latest(instance, "standalone") is not None
