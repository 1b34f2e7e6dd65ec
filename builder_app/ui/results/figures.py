"""The tones of figures; their texts are those of the report."""

import math
from enum import StrEnum

from builder_app.session.report.figures import MINUS as MINUS
from builder_app.session.report.figures import NO_VALUE as NO_VALUE
from builder_app.session.report.figures import MetricDefinition as MetricDefinition
from builder_app.session.report.figures import benchmark_value as benchmark_value
from builder_app.session.report.figures import is_benchmark as is_benchmark
from builder_app.session.report.figures import is_change as is_change
from builder_app.session.report.figures import metric_text as metric_text
from builder_app.session.report.figures import money as money
from builder_app.session.report.figures import number as number
from builder_app.session.report.figures import percent as percent


class Tone(StrEnum):
    """The theme token in which a figure is written."""

    PLAIN = "text"
    QUIET = "quiet_text"
    GAIN = "gain"
    LOSS = "loss"
    WARNING = "warning"


def metric_tone(definition: MetricDefinition, value: float) -> Tone:
    """Gain or loss for a change that has a sign; quiet where there is no value; plain otherwise."""
    if math.isnan(value):
        return Tone.QUIET
    return tone_of(value) if is_change(definition.name, definition.unit) else Tone.PLAIN


def tone_of(change: float) -> Tone:
    """The tone of a gain or a loss."""
    if change > 0.0:
        return Tone.GAIN
    return Tone.LOSS if change < 0.0 else Tone.PLAIN
