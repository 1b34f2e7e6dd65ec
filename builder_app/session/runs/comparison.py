"""Kept tests side by side: curves, metrics, what differs between their drawings and set-ups, and how sure that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from builder_app.flow.difference import Change, difference
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.quicktest.paired_bootstrap import LEVEL, Interval, PairedDifference, paired_difference
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.runs.config_words import config_difference

__all__ = ["LEVEL", "Beside", "ComparedTest", "Comparison", "Interval", "PairedDifference", "compare", "judged"]


@dataclass(frozen=True, slots=True, eq=False)
class ComparedTest:
    """One completed test of a comparison, with what it ran on; `flow` None where its drawing cannot be read."""

    id: str
    name: str
    config: TestConfig
    flow: LogicFlow | None
    result: RunResult

    @property
    def times(self) -> NDArray[np.datetime64]:
        """The moments of the curve, shape (bars,)."""
        return self.result.times

    @property
    def metrics(self) -> Mapping[str, float]:
        """The test's metrics by name; NaN where one has no value."""
        return self.result.metrics

    def growth(self) -> NDArray[np.float64]:
        """The equity's return since the start, as a fraction, shape (bars,)."""
        return np.asarray(self.result.equity / self.config.initial_capital - 1.0, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """One test against the first one.

    `uncertainty` is None where they have too few days in common, and while it is not worked out (`is_judged` False).
    """

    test: ComparedTest
    set_up: tuple[Change, ...]
    drawing: tuple[Change, ...] | None
    """None where one of the two drawings cannot be read."""
    prices_differ: bool
    uncertainty: PairedDifference | None = None
    is_judged: bool = False


Judge = Callable[[ComparedTest, ComparedTest], PairedDifference | None]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Any number of tests: the `base`, and the others against it. `left_out` says why others have no place in it."""

    base: ComparedTest | None
    others: tuple[Beside, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def tests(self) -> tuple[ComparedTest, ...]:
        """All of them, the base first."""
        return () if self.base is None else (self.base, *(beside.test for beside in self.others))


def compare(tests: tuple[ComparedTest, ...], catalogue: Catalogue, left_out: tuple[str, ...] = ()) -> Comparison:
    """Compare every test with the first one; how sure the differences are takes longer, and `judged` says it."""
    if not tests:
        return Comparison(None, (), left_out)
    base, *others = tests
    return Comparison(base, tuple(_beside(base, other, catalogue) for other in others), left_out)


def judged(comparison: Comparison, uncertainty: Judge) -> Comparison:
    """The comparison with how sure each difference is, as `uncertainty` (`uncertainty_of`, or its memory) says it."""
    base = comparison.base
    if base is None:
        return comparison
    others = tuple(
        replace(beside, uncertainty=uncertainty(base, beside.test), is_judged=True) for beside in comparison.others
    )
    return replace(comparison, others=others)


def uncertainty_of(base: ComparedTest, other: ComparedTest) -> PairedDifference | None:
    """How sure the difference of two tests is; None where they have too few days in common."""
    first, second = ((test.times, test.result.equity) for test in (base, other))
    return paired_difference(first, second, seed=base.config.seed)


def _beside(base: ComparedTest, other: ComparedTest, catalogue: Catalogue) -> Beside:
    drawing = None
    if base.flow is not None and other.flow is not None:
        drawing = difference(base.flow, other.flow, catalogue)
    prices_differ = base.result.data_fingerprint != other.result.data_fingerprint
    return Beside(other, config_difference(base.config, other.config), drawing, prices_differ)
