"""A kept test once more: the same text on the same set-up, and whether the result is the same to the byte."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from builder_app.quicktest.request import RunFailure, RunResult
from builder_app.session.runs.results_codec import result_from_json, result_to_json

_LETTERS: Final = 8
"""So much of a hash is shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the two results are the same bytes, and whole sentences: what is the same, or what changed."""

    is_identical: bool
    message: str


def verdict(name: str, kept: Mapping[str, Any], again: Mapping[str, Any] | RunFailure) -> Verdict:
    """Compare the kept `test_result` of a test with that of its second run, both as JSON content."""
    if isinstance(again, RunFailure):
        return Verdict(False, f"'{name}' could not be run again: {again.message}")
    try:
        before, after = result_from_json(kept), result_from_json(again)
        is_identical = result_digest(kept) == result_digest(again)
    except (KeyError, TypeError, ValueError):
        return Verdict(False, f"'{name}' ran again, but its kept result cannot be read, so nothing can be compared.")
    changed = _changed(kept, again)
    if is_identical:
        counts = f"the same {_count(len(before.trades), 'trade')} and {_count(len(before.times), 'point')} of the curve"
        rest = f" {' '.join(changed)}" if changed else " Prices, code, versions and seed are the same too."
        return Verdict(True, f"'{name}' ran again and is identical to the byte: {counts}.{rest}")
    where = _first_difference(before, after)
    why = " ".join(changed) or (
        "Prices, code, versions and seed are the same, so this is a fault of the program: please report it."
    )
    return Verdict(False, f"'{name}' ran again and gave another result. {why} {where}")


def result_digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 over the bytes of the curve (times in seconds, equity as float64) and of every trade's fields."""
    result = result_from_json(content)
    digest = hashlib.sha256()
    digest.update(result.times.astype("datetime64[s]").astype("<i8").tobytes())
    digest.update(np.asarray(result.equity, dtype="<f8").tobytes())
    digest.update(json.dumps(content["trades"], sort_keys=True, separators=(",", ":")).encode())
    return digest.hexdigest()


def content_of(result: RunResult, versions: Mapping[str, str]) -> dict[str, Any]:
    """A result as it is kept, with what it was computed by."""
    return {**result_to_json(result), "versions": dict(versions)}


def _changed(kept: Mapping[str, Any], again: Mapping[str, Any]) -> Sequence[str]:
    """A sentence for each of the things that a result depends on and that is not as it was."""
    found = []
    for sentence, field in (
        ("The prices are not what they were", "data_fingerprint"),
        ("The strategy's code is not what it was", "code_hash"),
    ):
        if kept[field] != again[field]:
            found.append(f"{sentence} ({str(again[field])[:_LETTERS]}… instead of {str(kept[field])[:_LETTERS]}…).")
    before, after = kept.get("versions"), again.get("versions", {})
    if not isinstance(before, dict):
        found.append("Which versions the first run was computed by was not kept.")
        return found
    for name in sorted({*before, *after}):
        old, new = before.get(name, "none"), after.get(name, "none")
        if old != new:
            found.append(f"{name} is {new} instead of {old}.")
    return found


def _first_difference(before: RunResult, after: RunResult) -> str:
    """Where the two results part."""
    if len(before.times) != len(after.times):
        return f"The curve has {len(after.times):,} points instead of {len(before.times):,}."
    for number, (old, new) in enumerate(zip(before.trades, after.trades, strict=False), start=1):
        if old != new:
            day = np.datetime_as_string(before.times[min(old.entry_bar, len(before.times) - 1)], unit="D")
            return f"The first trade that differs is number {number:,}, {old.symbol}, entered on {day}."
    if len(before.trades) != len(after.trades):
        return f"There are {len(after.trades):,} trades instead of {len(before.trades):,}."
    parts = np.flatnonzero(~((before.equity == after.equity) | (np.isnan(before.equity) & np.isnan(after.equity))))
    if len(parts):
        day = np.datetime_as_string(before.times[parts[0]], unit="D")
        return f"The trades are the same; the equity parts on {day}."
    return "The trades and the equity are the same; the times of the bars are not."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
