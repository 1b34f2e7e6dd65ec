"""What fits into a strategy parameter, and how its values are typed and shown. No Qt here."""

import math

from builder_app.flow.values import Literal, Secret, StrategyParameter
from builder_app.ui.inspector.number_text import number_text


def misfit(parameter: StrategyParameter) -> str:
    """What does not fit in a parameter, as a sentence; empty where all is well."""
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None and not low < high:
        return f"The minimum {number_text(low)} must be below the maximum {number_text(high)}."
    if parameter.step is not None and not parameter.step > 0:
        return "The step must be above 0."
    if not is_number(parameter.value):
        return ""
    value = as_float(parameter.value)
    if low is not None and value < low:
        return f"The value {number_text(value)} is below the minimum {number_text(low)}."
    if high is not None and value > high:
        return f"The value {number_text(value)} is above the maximum {number_text(high)}."
    return ""


def read_number(text: str) -> float | None:
    """The finite number that was typed, with a point or a comma; None where it is none."""
    try:
        number = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def value_text(value: Literal | Secret) -> str:
    """A value as it is typed; of a secret nothing."""
    if isinstance(value, Secret):
        return ""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return number_text(value) if isinstance(value, int | float) else value


def stays_whole(parameter: StrategyParameter, number: float) -> bool:
    """Is a whole parameter given a whole number? Only then it stays an int."""
    return isinstance(parameter.value, int) and float(number).is_integer()


def step_of(parameter: StrategyParameter) -> float:
    """The parameter's step, or 1 for whole and 0.1 for other numbers."""
    return parameter.step or (1.0 if isinstance(parameter.value, int) else 0.1)


def is_number(value: Literal | Secret) -> bool:
    """A number, which True is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_float(value: Literal | Secret) -> float:
    """The number as a float; 0 for what is none."""
    return float(value) if isinstance(value, int | float) else 0.0
