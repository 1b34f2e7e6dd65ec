"""One strategist at work: open documents, their history, autosave and recovery, test runs, export, and events.

In: wishes from the window or the terminal.  Out: past-tense events, and the values that views show.
Not here: Qt, SQL, argument parsing.

The values of the rooms below that views and commands show are named here, so that they need not look past the session.
"""

from builder_app.codegen.program import CheckReport, Finding, Program, ValidationStatus
from builder_app.flow.codec import FlowUnreadable
from builder_app.quicktest.engine.loop import __doc__ as _fill_rules
from builder_app.quicktest.engine.metrics import DEFINITIONS as METRIC_DEFINITIONS
from builder_app.quicktest.engine.metrics import Definition as MetricDefinition
from builder_app.quicktest.engine.run import metric_lines
from builder_app.quicktest.request import (
    FailureKind,
    IntrabarOrder,
    Rejection,
    RunFailure,
    RunProgress,
    RunResult,
    TestConfig,
    Trade,
)

FILL_RULES = _fill_rules or ""
"""The engine's fill rules, as they are written at the top of its loop."""

__all__ = [
    "FILL_RULES",
    "METRIC_DEFINITIONS",
    "CheckReport",
    "FailureKind",
    "Finding",
    "FlowUnreadable",
    "IntrabarOrder",
    "MetricDefinition",
    "Program",
    "Rejection",
    "RunFailure",
    "RunProgress",
    "RunResult",
    "TestConfig",
    "Trade",
    "ValidationStatus",
    "metric_lines",
]
