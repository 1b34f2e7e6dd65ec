"""When something was, in words."""

import datetime
from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400


def ago(moment: datetime.datetime, now: datetime.datetime) -> str:
    """`just now`, `5 minutes ago`, `2 hours ago`, `yesterday`, `3 days ago`, `12 March`, `12 March 2024`.

    Both moments need a zone; days are those of `now`'s zone. A moment in the future (a clock set back) is `just now`.
    """
    moment = moment.astimezone(now.tzinfo)
    seconds = (now - moment).total_seconds()
    days = (now.date() - moment.date()).days
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return _counted(int(seconds // _MINUTE), "minute")
    if days <= 0:
        return _counted(int(seconds // _HOUR), "hour")
    if days == 1:
        return "yesterday" if seconds >= 6 * _HOUR else _counted(int(seconds // _HOUR), "hour")
    if days < 7:
        return _counted(days, "day")
    month = f"{moment.day} {moment:%B}"
    return month if moment.year == now.year else f"{month} {moment.year}"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def chip_text(tag: str, longest: int = 18) -> str:
    """The tag, cut with … where it is longer; & is doubled, so that no letter of it becomes a shortcut."""
    return (tag if len(tag) <= longest else f"{tag[: longest - 1]}…").replace("&", "&&")
