"""The way to go once more through a test that was kept: a result out of the store does not hold it.

Its signals are asked for anew, of the same text on the same prices, so that the chart of prices can show where stops
and targets stood; nothing is tested, and nothing is kept.
"""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from builder_app.quicktest.engine.replay import Replay
from builder_app.quicktest.request import RunFailure, RunRequest, RunResult
from builder_app.session.drafts.document import Document
from builder_app.session.newest import IsOvertaken, NewestAnswers
from builder_app.session.runs.prices_to_read import to_read

if TYPE_CHECKING:
    from builder_app.session.session import Session

OTHER_TEXT: Final = "The strategy was changed after this test; test it again to see where stops and targets stood."
OTHER_PRICES: Final = "The prices were changed after this test; test again to see where stops and targets stood."


class Replays:
    """Asked and answered in the owner's thread, worked out beside it; of several questions the newest is answered."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._answers = NewestAnswers("replays", session.post)
        self._newest: tuple[RunResult, Replay] | None = None

    def ask(
        self,
        document: Document,
        take: Callable[[RunResult, Replay], None],
        refused: Callable[[RunResult, str], None],
    ) -> None:
        """Have `take` called with the document's result and the way through it; `refused` with a sentence why not."""
        self._answers.stop()
        result, program = document.result, document.program
        if result is None:
            return
        known = result.replay or (self._newest[1] if self._newest is not None and self._newest[0] is result else None)
        if known is not None:
            take(result, known)
            return
        if program is None:  # its code is being made; who looks then asks again
            return
        if hashlib.sha256(program.source.encode()).hexdigest() != result.code_hash:
            refused(result, OTHER_TEXT)
            return
        config, source = document.tested_config or document.config, program.source
        wanted, load, runner = to_read(config, program), self._session.load_prices, self._session.rooms.runner

        def work(is_overtaken: IsOvertaken) -> Replay:
            panel = load(wanted)
            if panel.fingerprint != result.data_fingerprint:
                raise ValueError(OTHER_PRICES)
            found = runner.replay(RunRequest(source, config, panel), is_overtaken)
            if isinstance(found, RunFailure):
                raise ValueError(found.message)
            return found

        def remember(replay: Replay) -> None:
            self._newest = (result, replay)
            take(result, replay)

        self._answers.ask(work, remember, lambda why_not: refused(result, why_not))

    def close(self) -> None:
        """Answer nothing any more, and end the thread."""
        self._answers.close()
        self._newest = None
