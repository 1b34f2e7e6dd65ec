"""Fills a store with rows for the benchmark: past the repositories, without indexes and triggers until all are in."""

import datetime
import hashlib
import json
import random
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from builder_app.store.checksums import generation_checksum

OWNER: Final = "00000000-0000-4000-8000-000000000001"
USERS: Final = (OWNER, *(f"00000000-0000-4000-8000-0000000000{number:02}" for number in range(2, 12)))
SHARE_OF_OWNER: Final = 0.9
"""One strategist has nine rows of ten: the store of a single user is the hard case."""
TYPES: Final = (
    *("INDICATOR", "CONDITION", "SIGNAL", "POSITION", "STOP_LOSS", "STOP_PROFIT", "RISK_MANAGEMENT", "CUSTOM"),
)
CATEGORIES: Final = ("trend", "averages", "momentum", "volatility", "logic")
FLOW: Final = json.dumps(
    {"format": "logic-flow", "version": 1, "edges": [], "nodes": [{"id": f"n{n}", "template": "sma"} for n in range(8)]}
)
CONFIG: Final = json.dumps({"initial_capital": 100000.0, "stock_pool": ["AAPL", "MSFT"], "frequency": "daily"})
METRICS: Final = json.dumps({"total_return": 0.12, "sharpe_ratio": 0.8, "max_drawdown": -0.2})
RESULT: Final = json.dumps({"equity": [100000.0 + day for day in range(20)]})


@dataclass(frozen=True)
class Sizes:
    """How many rows of each table."""

    tests: int = 1_000_000
    generations: int = 200_000
    sessions: int = 10_000
    templates: int = 1_000
    strategies: int = 5_000
    due_strategies: int = 40
    """Archived over a year ago or deleted over 90 days ago: the cleanup has their tests to do.

    What is due is somewhat more than a day's share: a million tests of two years are 1,400 a day.
    """
    due_tests: int = 2_000
    due_generations: int = 300
    due_sessions: int = 350


class Filler:
    """Makes rows from a seed and writes them; equal seeds and sizes make equal stores."""

    def __init__(self, sizes: Sizes, now: datetime.datetime) -> None:
        self.sizes, self.now = sizes, now
        self.random = random.Random(7)
        self.strategies = [self._id() for _ in range(sizes.strategies)]
        self.owners = [self._user() for _ in self.strategies]

    def fill(self, path: Path) -> None:
        """Write every row into the migrated, empty store."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA cache_size = -1000000")
            kept = connection.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
            ).fetchall()
            connection.execute("BEGIN")
            for kind, name, _ in kept:
                connection.execute(f"DROP {kind} {name}")
            for table, rows in (
                ("strategy_instances", self._strategies()),
                ("quick_tests", self._tests()),
                ("code_generations", self._generations()),
                ("builder_sessions", self._sessions()),
                ("node_templates", self._templates()),
            ):
                self._insert(connection, table, rows)
            for _, _, sql in kept:
                connection.execute(sql)
            connection.execute(
                "INSERT INTO quick_test_counts SELECT user_id, status, count(*) FROM quick_tests "
                "WHERE is_deleted = 0 GROUP BY user_id, status"
            )
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _insert(self, connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
        first = next(rows)
        marks = ", ".join("?" * len(first))
        statement = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({marks})"
        connection.execute(statement, tuple(first.values()))
        connection.executemany(statement, (tuple(row.values()) for row in rows))

    def _id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _user(self) -> str:
        return OWNER if self.random.random() < SHARE_OF_OWNER else self.random.choice(USERS[1:])

    def _ago(self, days: float) -> str:
        return (self.now - datetime.timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")

    def _common(self, ago: float, deleted: float | None = None) -> dict[str, Any]:
        moment = self._ago(ago)
        gone = None if deleted is None else self._ago(deleted)
        return {"created_at": moment, "updated_at": moment, "is_deleted": int(deleted is not None), "deleted_at": gone}

    def _strategies(self) -> Iterator[dict[str, Any]]:
        due = self.sizes.due_strategies
        for number, (id, user) in enumerate(zip(self.strategies, self.owners, strict=True)):
            is_old = number < due
            deleted = 100.0 if is_old and number % 2 else None
            yield {
                "id": id,
                "name": f"Strategy {number}",
                "user_id": user,
                "logic_flow": FLOW,
                "parameters": "{}",
                "status": "ARCHIVED" if is_old else self.random.choice(("DRAFT", "TESTING", "ACTIVE")),
                "version": 1,
                **self._common(500.0 if is_old else self.random.random() * 300, deleted),
            }

    def _strategy(self, number: int, due: int) -> int:
        """The due strategies share the first `due` rows; of the others one has a tenth of all."""
        old = self.sizes.due_strategies
        if number < due:
            return number % old
        return old if self.random.random() < 0.1 else self.random.randrange(old, len(self.strategies))

    def _tests(self) -> Iterator[dict[str, Any]]:
        for number in range(self.sizes.tests):
            strategy = self._strategy(number, self.sizes.due_tests)
            ago = self.random.random() * 700
            chance = self.random.random()
            status = "COMPLETED" if chance < 0.85 else "FAILED" if chance < 0.95 else "CANCELLED"
            of_deleted = number < self.sizes.due_tests and strategy % 2 == 1
            yield {
                "id": self._id(),
                "instance_id": self.strategies[strategy],
                "user_id": self.owners[strategy],
                "test_name": f"Test {number}",
                "test_config": CONFIG,
                "logic_flow_snapshot": FLOW,
                "parameters_snapshot": "{}",
                "status": status,
                "test_result": RESULT if status == "COMPLETED" else None,
                "metrics_summary": METRICS if status == "COMPLETED" else None,
                "execution_time": self.random.random(),
                "started_at": self._ago(ago),
                "completed_at": self._ago(ago),
                "code_hash": f"{number % 5000:064x}",
                **self._common(ago, 100.0 if of_deleted else None),
            }

    def _generations(self) -> Iterator[dict[str, Any]]:
        for number in range(self.sizes.generations):
            strategy = self._strategy(self.sizes.tests, 0)
            is_due = number < self.sizes.due_generations
            failed = is_due or self.random.random() < 0.1
            verdict = self.random.choice(("SYNTAX_ERROR", "SECURITY_ERROR", "RUNTIME_ERROR")) if failed else "VALID"
            code = f"# {number}\ndef signals(prices):\n    return {{}}\n" + "# a line of code\n" * 40
            ago = 120.0 if is_due else self.random.random() * (89 if failed else 700)
            row = {
                "id": self._id(),
                "instance_id": self.strategies[strategy],
                "user_id": self.owners[strategy],
                "logic_flow_snapshot": FLOW,
                "parameters_snapshot": "{}",
                "target": self.random.choice(("standalone", "vectorbt")),
                "generated_code": code,
                "code_hash": hashlib.sha256(code.encode()).hexdigest(),
                "validation_status": verdict,
                "validation_result": None,
                "syntax_check_passed": None,
                "security_check_passed": None,
                "code_version": "1",
                "line_count": 43,
                "complexity_score": self.random.randrange(30),
                "generation_time": self.random.random() / 10,
                **self._common(ago),
            }
            yield row | {"row_checksum": generation_checksum(row)}

    def _sessions(self) -> Iterator[dict[str, Any]]:
        for number in range(self.sizes.sessions):
            strategy = self._strategy(self.sizes.tests, 0)
            is_due = number < self.sizes.due_sessions
            ago = 70.0 if is_due else self.random.random() * 29
            yield {
                "id": self._id(),
                "instance_id": self.strategies[strategy],
                "user_id": self.owners[strategy],
                "session_type": "DRAFT",
                "session_name": f"Session {number}",
                "draft_logic_flow": FLOW,
                "draft_parameters": "{}",
                "snapshot_sequence": 0,
                "draft_checksum": "0" * 64,
                "is_active": int(ago < 1 or (not is_due and number % 50 == 0)),
                "last_activity_at": self._ago(ago),
                "expires_at": self._ago(ago - 1),
                "offered_at": self._ago(ago - 1) if is_due else None,
                **self._common(ago),
            }

    def _templates(self) -> Iterator[dict[str, Any]]:
        for number in range(self.sizes.templates):
            is_system = number % 3 == 0
            yield {
                "id": self._id(),
                "name": f"block_{number}",
                "display_name": f"Block {number}",
                "description": "What this block does, in a sentence.",
                "node_type": TYPES[number % 8],
                "category": CATEGORIES[number // 8 % 5],
                "parameter_schema": '{"type":"object","properties":{"period":{"type":"integer","title":"Period"}}}',
                "default_parameters": '{"period":20}',
                "input_ports": '[{"name":"price","type":"series"}]',
                "output_ports": '[{"name":"value","type":"series"}]',
                "is_system_template": int(is_system),
                "user_id": None if is_system else self._user(),
                "is_shared": int(number % 5 == 0 and not is_system),
                "usage_count": self.random.randrange(10_000),
                "icon": "",
                "color": "",
                "version": "1.0.0",
                **self._common(self.random.random() * 300),
            }
