"""The code that a strategy became over time: listed, compared side by side, and drawn again."""

import datetime
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from builder_app.codegen.program import ValidationStatus
from builder_app.flow.difference import Change, difference
from builder_app.flow.turning import turning_into
from builder_app.flow.values import LogicFlow
from builder_app.session.answering import answered
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.stored_flow import joined_flow
from builder_app.session.secrecy.sealing import of_strategy, opened_flow
from builder_app.store import NotThere
from builder_app.store.list_records import GenerationSummary
from builder_app.store.run_records import GenerationRecord

if TYPE_CHECKING:
    from builder_app.session.session import Session

T = TypeVar("T")
MOST_LISTED: Final = 500
_CONTEXT: Final = 3


class RowKind(StrEnum):
    """What a row of two texts side by side shows."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the older text beside one of the newer; numbers count from 1, 0 where there is no line."""

    kind: RowKind
    before_number: int
    before: str
    after_number: int
    after: str


@dataclass(frozen=True, slots=True)
class KeptCode:
    """A text in the list. `at` is when it was generated last."""

    id: str
    instance: str
    target: str
    code_hash: str
    status: ValidationStatus
    lines: int
    complexity: int
    at: datetime.datetime

    @property
    def is_valid(self) -> bool:
        """Whether the checks found nothing that keeps it from running."""
        return self.status is ValidationStatus.VALID


@dataclass(frozen=True, slots=True)
class CodeComparison:
    """A kept text beside what is drawn now: its lines in rows, and what was changed in the picture, in sentences."""

    kept: KeptCode
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    findings: tuple[str, ...]
    """What the checks said against the kept text."""

    @property
    def changed_lines(self) -> int:
        """How many rows differ."""
        return sum(row.kind not in (RowKind.SAME, RowKind.LEFT_OUT) for row in self.rows)


class CodeHistory:
    """Reads off the owner's thread; every answer is given to `done` in it, what went wrong to `refused`."""

    def __init__(self, session: "Session", refused: Callable[[str], None]) -> None:
        self._session, self._refused = session, refused

    def ask_list(self, document: Document, done: Callable[[tuple[KeptCode, ...]], None]) -> None:
        """The texts that were generated for the strategy, the one that was generated last first."""
        instance = document.instance
        if instance is None:
            done(())
            return

        def read() -> tuple[KeptCode, ...]:
            page = self._session.rooms.store.generations.list(instance, MOST_LISTED)
            return tuple(map(_kept, page.items))

        self._run(read, done)

    def ask_comparison(self, document: Document, kept: KeptCode, done: Callable[[CodeComparison], None]) -> None:
        """Compare a kept text and its picture with what is drawn and generated now."""
        flow, catalogue = document.flow, self._session.catalogue
        program = document.program
        now = program.source if program is not None and program.target == kept.target else ""

        def compare() -> CodeComparison:
            record = self._record(kept)
            changes = difference(self._flow(record), flow, catalogue)
            rows = tuple(side_by_side(record.generated_code, now)) if now else _alone(record.generated_code)
            return CodeComparison(kept, rows, changes, _findings(record))

        self._run(compare, done)

    def restore(self, document: Document, kept: KeptCode, done: Callable[[], None]) -> None:
        """Draw the strategy as it was when this text was generated, by one step that can be undone."""

        def draw(flow: LogicFlow) -> None:
            if document.id in self._session.documents:
                moment = kept.at.astimezone()
                title = f"Go back to the code of {moment.day} {moment:%b %Y, %H:%M}"
                self._session.edit(document, turning_into(document.flow, flow, title))
                done()

        self._run(lambda: self._flow(self._record(kept)), draw)

    def _record(self, kept: KeptCode) -> GenerationRecord:
        found = self._session.rooms.store.generations.find(kept.instance, kept.target, kept.code_hash)
        if found is None:
            raise NotThere("This code is not kept any more; open the history again.")
        return found

    def _flow(self, record: GenerationRecord) -> LogicFlow:
        flow = joined_flow(record.logic_flow_snapshot, record.parameters_snapshot)
        return opened_flow(self._session.rooms.vault, of_strategy(record.instance_id), flow)

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        answered(self._session.slow_writes, self._session.post, work, done, self._refused)


def side_by_side(before: str, after: str) -> Iterator[Row]:
    """Two texts in rows; of long stretches that are the same only the lines next to a change are given.

    Texts that do not differ at all are given whole.
    """
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        first = group[0]
        if first[1] or first[3]:
            yield Row(RowKind.LEFT_OUT, 0, "", 0, "")
        for kind, start, end, at, to in group:
            for step in range(max(end - start, to - at)):
                yield _row(kind, (old, start + step, end), (new, at + step, to))
    if old == new:
        yield from (Row(RowKind.SAME, number, line, number, line) for number, line in enumerate(old, 1))


def _row(kind: str, left: tuple[list[str], int, int], right: tuple[list[str], int, int]) -> Row:
    old, line, end = left
    new, at, to = right
    has_left, has_right = line < end, at < to
    found = RowKind.SAME if kind == "equal" else RowKind.CHANGED
    if not has_left:
        found = RowKind.ADDED
    elif not has_right:
        found = RowKind.REMOVED
    return Row(
        found,
        line + 1 if has_left else 0,
        old[line] if has_left else "",
        at + 1 if has_right else 0,
        new[at] if has_right else "",
    )


def _alone(text: str) -> tuple[Row, ...]:
    """A text with nothing to be compared with: the picture is not code now."""
    return tuple(Row(RowKind.SAME, number, line, 0, "") for number, line in enumerate(text.splitlines(), 1))


def _kept(row: GenerationSummary) -> KeptCode:
    status = ValidationStatus(row.validation_status.value)
    return KeptCode(
        row.id,
        row.instance_id,
        row.target,
        row.code_hash,
        status,
        row.line_count,
        row.complexity_score,
        row.updated_at,
    )


def _findings(record: GenerationRecord) -> tuple[str, ...]:
    """What keeps the text from running, as sentences."""
    report = record.validation_result or {}
    found = [
        f"Line {finding.get('line', 0)}: {finding.get('message', '')}"
        for name in ("syntax_errors", "security_warnings")
        for finding in report.get(name, ())
        if isinstance(finding, dict)
    ]
    error = report.get("runtime_error")
    return (*found, error) if isinstance(error, str) and error else tuple(found)
