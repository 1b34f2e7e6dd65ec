"""Rules about what ends a position: risk that nobody knows, targets that no price reaches, parts of more than all."""

from collections.abc import Iterator
from typing import Final

from builder_app.flow.drawing import Drawing
from builder_app.flow.legs import Leg, legs
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.roles import counts_in_risk, is_initial_stop, keyword_parameter, part_parameters, rule_words
from builder_app.flow.wording import value_words

WHOLE: Final = 100.0


def risk_without_stop(drawing: Drawing) -> Iterator[Problem]:
    """Who sizes or aims by the risk of a trade needs a stop that stands from the entry on."""
    for leg in legs(drawing):
        if leg.position is None or any(is_initial_stop(drawing.known[id]) for id in leg.exits):
            continue
        for id in (leg.position, *leg.exits):
            if counts_in_risk(drawing.known[id]):
                yield Problem(
                    Severity.ERROR,
                    "risk-without-stop",
                    f"{drawing.name(id)} goes by what a trade risks, and no stop says how much that is.",
                    node=id,
                    hint="Wire the position into a stop of a percentage, an amount, an ATR or a level as well.",
                )


def target_beyond_zero(drawing: Drawing) -> Iterator[Problem]:
    """A short position cannot gain 100 %: the price would have to fall to nothing."""
    for leg in legs(drawing):
        if "short" not in leg.enters:
            continue
        for id in leg.exits:
            template = drawing.known[id]
            name = keyword_parameter(template, "percent") if "target" in rule_words(template) else None
            percent = drawing.number(id, name) if name is not None else None
            if percent is not None and percent >= WHOLE:
                yield Problem(
                    Severity.WARNING,
                    "target-beyond-zero",
                    f"{drawing.name(id)} is {value_words(percent)} % from the entry, which a short position never "
                    "reaches: its price would be nothing or less.",
                    node=id,
                    hint="Set it below 100, or give the short positions a target of their own.",
                    parameter=name,
                )


def parts_over_whole(drawing: Drawing) -> Iterator[Problem]:
    """Targets that close parts of a position cannot close more than all of it; what is too much does nothing."""
    for leg in legs(drawing):
        for id, total in _partial(drawing, leg):
            if total > WHOLE:
                yield Problem(
                    Severity.WARNING,
                    "parts-over-100-percent",
                    f"The parts of {drawing.name(id)} add up to {value_words(total)} %; the last closes what is left.",
                    node=id,
                    hint="Make them 100 % in all, or less where another exit closes the rest.",
                )


def _partial(drawing: Drawing, leg: Leg) -> Iterator[tuple[str, float]]:
    """The leg's blocks that close several parts, with the sum of these in percent."""
    for id in leg.exits:
        names = part_parameters(drawing.known[id])
        parts = [drawing.number(id, name) for name in names]
        if len(names) > 1 and all(part is not None for part in parts):
            yield id, sum(part for part in parts if part is not None)
