"""Which block refused an order that the signals asked for: a limit, a size, a stop, or what else it was."""

from dataclasses import dataclass
from typing import Final

from builder_app.codegen.why import BarAnswer, LegBlocks, RuleBlock
from builder_app.quicktest.engine import book as at
from builder_app.quicktest.request import Rejection, TestConfig
from builder_app.session.runs.why_levels import Position, places_of_levels
from builder_app.session.runs.why_trading import AtBar

_OF_LIMITS: Final = {
    at.FULL: "maximum_positions",
    at.OVER_WEIGHT: "maximum_weight",
    at.OVER_GROSS: "maximum_gross_exposure",
    at.OVER_NET: "maximum_net_exposure",
    at.OVER_SECTOR: "sector_cap",
    at.OVER_TURNOVER: "maximum_turnover",
    at.TOO_ALIKE: "correlation_cap",
    at.HALTED: "drawdown_halt",
    at.LOST_TODAY: "daily_loss",
}
_OF_MORE: Final = {at.COOLING_DOWN: "cooldown", at.NO_STRENGTH: "with_strength"}
_OF_SIZE: Final = frozenset({at.NO_CASH, at.NO_SIZE, at.NO_SIZE_VALUE})
_OF_EXITS: Final = frozenset({at.NO_EXIT_VALUE, at.PAST_LEVEL})
_OF_SET_UP: Final = {
    at.FULL: "its maximum of positions",
    at.AT_LIMIT: "its price limit",
    at.TOO_LARGE_A_SHARE: "its maximum share of a bar's volume",
}
_OF_SIGNALS: Final = {
    at.EXIT_TOO: "The exit of the same direction was given, too; of the two the exit counts.",
    at.BOTH_DIRECTIONS: "The entry in the other direction was given, too; they cancel each other.",
    at.OPPOSITE_HELD: "A position in the other direction was open, and no exit of it was given.",
    at.NO_LATER_BAR: "The symbol's prices end there.",
}
_AT_ONCE: Final = frozenset({*_OF_SIGNALS, at.NO_EXIT_VALUE, at.NO_STRENGTH, at.NO_SIZE_VALUE})
"""What is refused at the close at which it was decided; everything else is at the open of the fill."""
_OTHER_SIDES: Final = {
    (at.EXIT_TOO, 1): ("long_exit",),
    (at.EXIT_TOO, -1): ("short_exit",),
    (at.BOTH_DIRECTIONS, 0): ("short_entry", "long_entry"),
}
PLAIN: Final = "No condition stood in the way, and changing one would do nothing:"


@dataclass(frozen=True, slots=True)
class Blame:
    """The block that refused an order, without a node where none did; and what that means for whoever asks why."""

    block: RuleBlock
    sentence: str


def reason_of(refusal: Rejection) -> int:
    """The refusal's reason as the engine counts them; −1 for one that it does not know any more."""
    known = at.REJECTION_REASONS
    return known.index(refusal.reason) if refusal.reason in known else -1


def is_at_once(refusal: Rejection) -> bool:
    """Whether it was refused at the close that decided it, not at the open that would have filled it."""
    return reason_of(refusal) in _AT_ONCE


def blame(there: AtBar, answer: BarAnswer, config: TestConfig, refusal: Rejection) -> Blame:
    """Who refused the order, of the blocks of the strategy and the test's set-up."""
    reason, leg = reason_of(refusal), answer.rules.legs[min(refusal.leg, len(answer.rules.legs) - 1)]
    limit = next((block for block in answer.rules.limits if block.kind == _OF_LIMITS.get(reason)), None)
    if limit is not None and not (reason == at.FULL and 0 < config.maximum_positions < (limit.number or 0.0)):
        return Blame(limit, f"{PLAIN} {_called(limit)} refused it.")
    if reason in _OF_SET_UP:
        return Blame(RuleBlock("", "Test set-up", _OF_SET_UP[reason], ""), f"{PLAIN} the test's set-up refused it.")
    if reason == at.NO_CASH:
        return Blame(leg.size, f"{PLAIN} the free cash was less than {_called(leg.size)} asks for.")
    if reason in _OF_SIZE:
        return Blame(leg.size, f"{PLAIN} {_called(leg.size)} gave no size.")
    if reason in _OF_EXITS:
        found = _refusing_exit(there, leg, refusal) or leg.size
        return Blame(found, f"{PLAIN} {_called(found)} could not be placed.")
    more = next((block for block in leg.more if block.kind == _OF_MORE.get(reason)), None)
    if more is not None:
        return Blame(more, f"{PLAIN} {_called(more)} refused it.")
    return Blame(_signals(answer, leg, refusal), _OF_SIGNALS.get(reason, ""))


def _signals(answer: BarAnswer, leg: LegBlocks, refusal: Rejection) -> RuleBlock:
    """The signal block that gave what an entry gives way to."""
    sides = _OTHER_SIDES.get((reason_of(refusal), refusal.direction), ())
    for side in answer.sides:
        if side.side in sides and side.position == leg.position and side.holds and side.steps:
            step = side.steps[0]
            return RuleBlock(step.node, step.name, step.phrase, "")
    return RuleBlock("", "No block", "", "")


def _refusing_exit(there: AtBar, leg: LegBlocks, refusal: Rejection) -> RuleBlock | None:
    replay = there.result.replay
    entry = there.following if refusal.bar == there.bar and is_at_once(refusal) else refusal.bar
    if replay is None or entry is None:
        return None
    position = Position(replay, replay.pool.symbols.index(there.symbol), refusal.leg, refusal.direction or 1, entry)
    row = position.refusing_row()
    return None if row is None else leg.exits[places_of_levels(leg)[row - position.rows.start]]


def _called(block: RuleBlock) -> str:
    """`'At most 5 positions' (hold at most 5 positions at once)`."""
    return f"'{block.name}' ({block.phrase})" if block.phrase else f"'{block.name}'"
