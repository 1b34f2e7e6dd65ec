"""Why and why not, of the tested strategy at one bar: worked out on a thread of its own, the newest question only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from builder_app.codegen.interpreter.certificate import COLUMNS
from builder_app.codegen.interpreter.interpret import Member
from builder_app.codegen.interpreter.interpret import Panel as Interpreted
from builder_app.codegen.why import Asked, BarAnswer, NoSuchBar, Side, Step, looked, with_changes
from builder_app.codegen.why.change import Change
from builder_app.codegen.why.looking import looking_at
from builder_app.codegen.why.scene import Scene
from builder_app.flow.drawing import drawing_of
from builder_app.flow.roles import RESIZING, rule_words
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.market.prices.panel import Panel
from builder_app.nodes import validate_parameters
from builder_app.quicktest.engine.bars import bars_from, benchmark_in
from builder_app.quicktest.engine.prices import Pool, pool_of
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.drafts.document import Document
from builder_app.session.newest import IsOvertaken, NewestAnswers
from builder_app.session.runs.prices_to_read import to_read
from builder_app.session.runs.why_orders import Orders
from builder_app.session.runs.why_trading import AtBar, bar_words, last_closes, trading_sentences

if TYPE_CHECKING:
    from builder_app.session.session import Session

__all__ = ["BarAnswer", "Change", "Explained", "Question", "Side", "Step", "WhyNot"]

MOST_BLOCK_BARS: Final = 3_000_000
"""Blocks × bars that are worked out at most; of more bars than that the newest are taken, which is said."""
SECONDS: Final = 1.5
LOOKING: Final = "Looking for the smallest change of a parameter that would have done…"


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """What is known of one symbol at one bar: what every leg decided, and what the engine did, in sentences."""

    symbol: str
    bar: int
    answer: BarAnswer
    trading: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What was tested, what came of it, and the symbol and the bar that are asked about."""

    flow: LogicFlow
    catalogue: Catalogue
    config: TestConfig
    result: RunResult
    at: tuple[str, int]


class WhyNot:
    """Asked in the owner's thread, answers there. An older question that is still being answered is given up."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._answers = NewestAnswers("why", session.post)

    def ask(
        self,
        document: Document,
        at: tuple[str, int],
        done: Callable[[Explained], None],
        refused: Callable[[str], None],
    ) -> None:
        """Explain a symbol at a bar of the document's result; `refused` gets a sentence where that cannot be.

        `done` is called twice: with the values and the chain as soon as they are there, and with the smallest changes.
        """
        self.stop()
        if document.result is None:
            refused("There is no result yet: test the strategy, then ask why.")
            return
        if document.tested_flow is None and document.result_is_stale:
            refused("The strategy was changed after this test; test it again, then ask why.")
            return
        flow = document.tested_flow or document.flow
        config = document.tested_config or document.config
        question = Question(flow, self._session.catalogue, config, document.result, at)

        def go_on(found: tuple[Explained, Scene]) -> None:
            at_once, scene = found

            def changes(is_overtaken: IsOvertaken) -> Explained:
                return replace(at_once, answer=with_changes(scene, at_once.answer, SECONDS, is_overtaken))

            self._answers.ask(changes, done, refused)
            done(at_once)

        self._answers.ask(lambda stop: explained(question, self._session.load_prices, stop), go_on, refused)

    def stop(self) -> None:
        """Nobody waits for an answer any more."""
        self._answers.stop()

    def close(self) -> None:
        """End the thread after what it works at, which it gives up."""
        self._answers.close()


def explained(
    question: Question, load: Callable[[TestConfig], Panel], stop: IsOvertaken = lambda: False
) -> tuple[Explained, Scene]:
    """Read the prices of the test again, and explain the bar. Raises ValueError with a sentence where it cannot be.

    Smallest changes are looked for by `with_changes` on the scene that is given, too. Where `stop` says so, nobody
    waits for the answer.
    """
    symbol, bar = question.at
    result = question.result
    tested = looking_at(question.flow, question.catalogue, is_whole=False)  # the newest text may look at other symbols
    panel = load(to_read(question.config, tested))
    pool, problems = pool_of(panel, question.config.stock_pool)
    if pool is None:
        raise ValueError(" ".join(problems))
    if not _has_the_times_of(pool, result, bar):
        raise ValueError("The prices are not those of this test any more; test the strategy again, then ask why.")
    if symbol not in pool.symbols:
        raise NoSuchBar(f"{symbol} was not among the symbols of this test: {', '.join(pool.symbols[:8])}.")
    first = max(0, bar + 1 - MOST_BLOCK_BARS // max(1, len(question.flow.nodes)))
    seen = interpreted(panel, pool, question.config, (first, bar + 1))
    found = looked(
        Asked(question.flow, question.catalogue, seen, symbol, bar_words(result.times[bar])), validate_parameters
    )
    remarks = [] if not first else [f"Worked out from the newest {bar + 1 - first:,} bars up to this one."]
    if panel.fingerprint != result.data_fingerprint:
        remarks.append("The prices were changed after this test, so that values may differ from the test's.")
    there = _at(question, pool)
    answer = _looking(Orders(there, found.answer, question.config, stop).told())
    return Explained(symbol, bar, answer, trading_sentences(there), tuple(remarks)), found.scene


def _looking(answer: BarAnswer) -> BarAnswer:
    """The answer while the smallest changes are still looked for."""
    sides = (replace(side, change_sentence=side.change_sentence if side.holds else LOOKING) for side in answer.sides)
    return replace(answer, sides=tuple(sides))


def interpreted(panel: Panel, pool: Pool, config: TestConfig, span: tuple[int, int]) -> Interpreted:
    """Bars of a test's pool, and of what else there is to look at, as the interpreter takes them."""
    fields = tuple(pool.cut(getattr(panel, name))[span[0] : span[1]] for name in COLUMNS)
    others = [symbol for symbol in panel.symbols if symbol not in pool.symbols]
    benchmark = config.benchmark if config.benchmark in panel.symbols else None
    times = pool.times[span[0] : span[1]]
    seen = bars_from((panel.symbols, times, fields), pool.symbols, benchmark, others)
    columns = {symbol: tuple(field[:, place] for field in seen.fields) for place, symbol in enumerate(pool.symbols)}
    members = []
    for symbol, own in (*columns.items(), *seen.others.items()):
        rows = np.flatnonzero(~np.isnan(own[COLUMNS.index("close")]))
        prices = {name: field[rows] for name, field in zip(COLUMNS, own, strict=True)}
        members.append(Member(symbol, {**prices, "time": seen.times[rows]}, rows, traded=symbol in pool.symbols))
    return Interpreted(seen.times, tuple(members), benchmark_in(seen))


def _has_the_times_of(pool: Pool, result: RunResult, bar: int) -> bool:
    if not 0 <= bar < len(result.times) or len(pool.times) != len(result.times):
        return False
    return bool(pool.times[bar].astype("datetime64[s]") == result.times[bar].astype("datetime64[s]"))


def _at(question: Question, pool: Pool) -> AtBar:
    symbol, bar = question.at
    closes = pool.fields[COLUMNS.index("close")]
    later = np.flatnonzero(~np.isnan(closes[bar + 1 :, pool.symbols.index(symbol)]))
    following = bar + 1 + int(later[0]) if len(later) else None
    drawing = drawing_of(question.flow, question.catalogue, validate_parameters)
    resizes = any(RESIZING in rule_words(template) for _, template in drawing.blocks())
    known = last_closes(pool.symbols, closes[: bar + 1])
    return AtBar(question.result, symbol, bar, following, known, not resizes)
