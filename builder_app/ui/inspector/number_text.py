"""Numbers as text: every digit, nothing rounded away. No Qt here."""

from typing import Final

DIGITS: Final = 10
"""Decimals that fields hold; more are noise of binary fractions."""

LARGEST: Final = 1e15
"""Bounds of fields that have none: beyond it neighbouring numbers are more than a tenth apart."""


def number_bounds(minimum: float, maximum: float, *, whole: bool, grouped: bool = False) -> str:
    """Which numbers a field takes, in words; `LARGEST` and its negative are no bounds."""
    low, high = (number_text(bound, grouped=grouped) for bound in (minimum, maximum))
    kind = "A whole number" if whole else "A number"
    if minimum > -LARGEST and maximum < LARGEST:
        return f"{kind} between {low} and {high}"
    if minimum > -LARGEST:
        return f"{kind} of at least {low}"
    return f"{kind} of at most {high}"


def decimal_places(step: float) -> int:
    """How many decimals a step shows: 0 for 1, 1 for 0.1, 2 for 0.25."""
    text = f"{step:.{DIGITS}f}".rstrip("0")
    return len(text) - text.index(".") - 1


def number_text(value: float, least_digits: int = 0, *, grouped: bool = False) -> str:
    """The number with all its decimals, at least so many; thousands parted by commas where `grouped`."""
    digits = max(decimal_places(value), least_digits)
    return f"{value:,.{digits}f}" if grouped else f"{value:.{digits}f}"
