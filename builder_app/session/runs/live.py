"""How long live testing may take: it turns itself down where an edit would have to wait for its result.

A test counts as slow from 300 milliseconds on. One slow test may be the machine's fault, or the first run's; so the
third in a row turns live off, and one that takes longer than a second does so at once.
"""

from typing import Final

from builder_app.quicktest.request import FailureKind, RunFailure, RunResult

LIMIT_SECONDS: Final = 0.3
AT_ONCE_SECONDS: Final = 1.0
SLOW_TESTS: Final = 3
"""So many slow live tests of a strategy in a row turn its live mode off."""
_WAY_ON: Final = (
    "Edits are no longer tested as you make them. Press Test (F5) for the results of what is drawn, or Live (Ctrl+L) "
    "to turn live on again. Fewer symbols or a shorter time make tests faster."
)


class LivePatience:
    """Counts each strategy's slow live tests."""

    def __init__(self) -> None:
        self._slow: dict[str, int] = {}

    def hear(self, document: str, outcome: RunResult | RunFailure) -> str:
        """Hear how a live test ended: why live goes off, as a sentence; empty where it stays on."""
        if isinstance(outcome, RunFailure):
            self.forget(document)
            timed_out = outcome.kind is FailureKind.TIMED_OUT
            return f"Live is off: this test ran into the time limit. {_WAY_ON}" if timed_out else ""
        slow = self._slow.get(document, 0) + 1 if outcome.seconds > LIMIT_SECONDS else 0
        self._slow[document] = slow
        at_once = outcome.seconds > max(AT_ONCE_SECONDS, LIMIT_SECONDS)
        if not at_once and slow < SLOW_TESTS:
            return ""
        self.forget(document)
        limit = f"{LIMIT_SECONDS * 1000:.0f} ms"
        if at_once:
            took = f"this test took {outcome.seconds:.1f} s, and live tests may take {limit}"
        else:
            took = (
                f"the last {SLOW_TESTS} tests took longer than {limit} each, this one {outcome.seconds * 1000:.0f} ms"
            )
        return f"Live is off: {took}. {_WAY_ON}"

    def forget(self, document: str) -> None:
        """Begin to count anew."""
        self._slow.pop(document, None)
