"""Numbers as text: every digit, nothing rounded away. No Qt here."""

from typing import Final

DIGITS: Final = 10
"""Decimals that fields hold; more are noise of binary fractions."""


def decimal_places(step: float) -> int:
    """How many decimals a step shows: 0 for 1, 1 for 0.1, 2 for 0.25."""
    text = f"{step:.{DIGITS}f}".rstrip("0")
    return len(text) - text.index(".") - 1


def number_text(value: float, least_digits: int = 0, *, grouped: bool = False) -> str:
    """The number with all its decimals, at least so many; thousands parted by commas where `grouped`."""
    digits = max(decimal_places(value), least_digits)
    return f"{value:,.{digits}f}" if grouped else f"{value:.{digits}f}"
