"""Every block's values over all bars of a result, one symbol at a time: for charts, and for the canvas at any bar.

How to ask, from the owner's thread, for what a document's result was made of:

    session.block_values.ask("chart", document, symbol, take, refused)

`take` is called there with a `BlockValues`, at once where they are known already; `refused` with a sentence where they
cannot be had. The first argument says who asks: a new question of the same asker overtakes the one before, which is
then not answered any more. What `ask` gives back is the question's number, and the answer's `generation`.

    charted_blocks(values, catalogue)  # for a list to choose from, see `session.runs.charted_blocks`
    values.of(Port("fast", "value")) # one output, shape (bars,), NaN where it has no value, 1 and 0 for yes and no
    values.at(bar)                   # {"fast": {"value": 101.25}, …}: what the canvas writes beside the ports

Blocks inside groups are there too, by the ids of `group_paths.path_id`. The values come from a text that is made by
the passes that made the tested one (see `codegen.why.looking`), run in the same locked worker, on the test's prices.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from builder_app.codegen.why.looking import Looking, looking_at
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Port
from builder_app.market.prices.panel import FloatArray, Panel
from builder_app.quicktest.engine.prices import pool_of
from builder_app.quicktest.request import Look, RunFailure, RunRequest, RunResult, TestConfig
from builder_app.session.drafts.document import Document
from builder_app.session.newest import IsOvertaken, NewestAnswers
from builder_app.session.runs.prices_to_read import to_read
from builder_app.session.runs.traced_values import PortValues

if TYPE_CHECKING:
    from builder_app.session.session import Session

MOST_CELLS: Final = 16_000_000
"""Outputs × bars of one answer at most; of more bars than that the newest are taken."""
MOST_BYTES: Final = 256_000_000
"""So much is remembered of the answers before, room for two of the largest; the newest one always is."""
NO_RESULT: Final = "There is no result yet: test the strategy, then its blocks' values can be shown."
OTHER_PRICES: Final = "The prices were changed after this test; test the strategy again to see its blocks' values."


@dataclass(frozen=True, slots=True, eq=False)
class BlockValues:
    """What every output of a tested strategy's blocks was for one symbol of a result.

    `series` holds the result's bars from `first` on, float64, NaN where there is no value, 1 and 0 for true and false.
    """

    result: RunResult
    symbol: str
    flow: LogicFlow
    series: Mapping[Port, FloatArray]
    first: int = 0
    generation: int = 0

    def of(self, port: Port) -> FloatArray:
        """One output's values at the result's bars, shape (bars,); NaN throughout for one that has none."""
        known = self.series.get(port)
        if known is not None and not self.first:
            return known
        found = np.full(len(self.result.times), np.nan)
        if known is not None:
            found[self.first :] = known
        return found

    def at(self, bar: int) -> PortValues:
        """Each block's ports' values at one bar of the result; no entry where there is none."""
        found: dict[str, dict[str, float]] = {}
        row = bar - self.first
        for port, values in self.series.items() if 0 <= row < len(self.result.times) - self.first else ():
            if math.isfinite(values[row]):
                found.setdefault(port.node, {})[port.port] = float(values[row])
        return found

    def last(self, bars: int) -> dict[str, FloatArray]:
        """Of each block the first output's values at the last bars, as sparklines draw them."""
        found: dict[str, FloatArray] = {}
        for port, values in self.series.items():
            found.setdefault(port.node, values[-bars:])
        return found

    @property
    def size(self) -> int:
        """How many bytes of memory it holds."""
        return sum(values.nbytes for values in self.series.values() if values.strides != (0,))


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    flow: LogicFlow
    catalogue: Catalogue
    config: TestConfig
    result: RunResult
    symbol: str


class AllBlockValues:
    """Asked and answered in the owner's thread; worked out beside it. Remembers what it found, within MOST_BYTES."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._answers = NewestAnswers("block-values", session.post)
        self._known: OrderedDict[tuple[int, str], BlockValues] = OrderedDict()
        self._looking: tuple[_Question, Looking, Panel] | None = None
        """The newest text with the prices it runs on, which every symbol of a result shares; its thread's alone."""

    def ask(
        self,
        asker: str,
        document: Document,
        symbol: str,
        take: Callable[[BlockValues], None],
        refused: Callable[[str], None] = lambda _sentence: None,
    ) -> int:
        """Have `take` called with a symbol's values in the document's result; the module says more."""
        result = document.result
        if result is None or symbol not in result.symbols:
            number = self._answers.stop(asker)
            refused(NO_RESULT if result is None else f"{symbol} was not among the symbols of this test.")
            return number
        known = self.known(result, symbol)
        if known is not None:
            number = self._answers.stop(asker)
            take(replace(known, generation=number))
            return number
        flow, config = document.tested_flow or document.flow, document.tested_config or document.config
        question = _Question(flow, self._session.catalogue, config, result, symbol)

        def work(is_overtaken: IsOvertaken) -> BlockValues:
            return self.known(result, symbol) or self._found(question, is_overtaken)

        def remember(values: BlockValues) -> None:
            self._remember(values)
            take(replace(values, generation=number))

        number = self._answers.ask(work, remember, refused, asker)
        return number

    def known(self, result: RunResult, symbol: str) -> BlockValues | None:
        """What was found before; None where nobody has asked yet."""
        return self._known.get((id(result), symbol))

    def stop(self, asker: str) -> None:
        """This asker does not wait any more."""
        self._answers.stop(asker)

    def close(self) -> None:
        """Answer nothing any more, and end the thread."""
        self._answers.close()
        self._known.clear()

    def _remember(self, values: BlockValues) -> None:
        open_results = {id(document.result) for document in self._session.documents.values()}
        for key in [key for key in self._known if key[0] not in open_results]:
            del self._known[key]
        self._known[id(values.result), values.symbol] = values
        while len(self._known) > 1 and sum(each.size for each in self._known.values()) > MOST_BYTES:
            self._known.popitem(last=False)

    def _found(self, asked: _Question, is_overtaken: IsOvertaken) -> BlockValues:
        looking, panel = self._looking_on(asked)
        bars = min(len(asked.result.times), max(1, MOST_CELLS // max(1, looking.outputs)))
        look = Look(asked.symbol, bars, looking.is_alone)
        found = self._session.rooms.runner.values(
            RunRequest(looking.source, asked.config, panel, look=look), is_overtaken
        )
        if isinstance(found, RunFailure):
            raise ValueError(found.message)
        series = _series(asked, looking, (panel, found), bars)
        return BlockValues(asked.result, asked.symbol, asked.flow, series, len(asked.result.times) - bars)

    def _looking_on(self, asked: _Question) -> tuple[Looking, Panel]:
        held = self._looking
        if held is None or held[0].result is not asked.result or held[0].catalogue is not asked.catalogue:
            held = self._looking = (asked, *_looking_on(asked, self._session.load_prices))
        return held[1], held[2]


def _looking_on(asked: _Question, load: Callable[[TestConfig], Panel]) -> tuple[Looking, Panel]:
    """The text and the test's prices. A block that no signal uses may ask for other symbols; then it has no values."""
    for is_whole in (True, False):
        looking = looking_at(asked.flow, asked.catalogue, is_whole=is_whole)
        panel = load(to_read(asked.config, looking))
        if panel.fingerprint == asked.result.data_fingerprint:
            return looking, panel
        if not looking.other_symbols:
            break
    raise ValueError(OTHER_PRICES)


def _series(
    asked: _Question, looking: Looking, found: tuple[Panel, Mapping[str, FloatArray]], bars: int
) -> dict[Port, FloatArray]:
    """The values by output, in the order of the picture's blocks and their ports."""
    panel, arrays = found
    pool, _ = pool_of(panel, asked.config.stock_pool)
    closes = (panel.close if pool is None else pool.cut(panel.close))[:, panel.symbols.index(asked.symbol)]
    series: dict[Port, FloatArray] = {}
    for port, variable in looking.variables.items():
        values = arrays.get(variable)
        if values is not None and values.shape == (bars,):
            series[port] = values
    for port, column in looking.columns.items():
        prices = getattr(panel, column)
        series[port] = (prices if pool is None else pool.cut(prices))[-bars:, panel.symbols.index(asked.symbol)].copy()
    for port, number in looking.numbers.items():
        series[port] = np.where(np.isnan(closes[-bars:]), np.nan, number)
    return dict(sorted(series.items()))
