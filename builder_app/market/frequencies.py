"""How often there is a bar, by name: "1min" … "30min", "hourly", "daily", "weekly", "monthly"."""

import re
from typing import Final

FREQUENCIES: Final = ("1min", "5min", "15min", "30min", "hourly", "daily", "weekly", "monthly")
"""The frequencies that tests run on, the most often first. A library may hold bars of other minutes too."""
TITLES: Final = {
    "1min": "1 minute",
    "5min": "5 minutes",
    "15min": "15 minutes",
    "30min": "30 minutes",
    "hourly": "Hourly",
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
}
_DAY: Final = 24 * 60
_ORDER: Final = {"daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY}


def minutes_of(frequency: str) -> int:
    """The minutes of a bar within a day: 5 for "5min", 60 for "hourly"; 0 for days and longer, and for ticks."""
    if frequency == "hourly":
        return 60
    match = re.fullmatch(r"(\d+)min", frequency)
    return int(match[1]) if match else 0


def length_of(frequency: str) -> int:
    """The usual minutes of a bar, to order frequencies by; 0 for ticks, a month counting 30 days."""
    return _ORDER.get(frequency) or minutes_of(frequency)
