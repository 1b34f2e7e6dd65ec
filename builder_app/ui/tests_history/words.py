"""What is said of two tests beside each other: how sure their difference is, and what differs in what was tested."""

import html
import math
from typing import Final

from builder_app.flow.difference import Change
from builder_app.session.runs.comparison import LEVEL, Beside, ComparedTest, Comparison, Interval
from builder_app.ui.changes_list import LISTED, SIGNS
from builder_app.ui.results.figures import MINUS, number
from builder_app.ui.tests_history.lettering import color, letter
from builder_app.ui.theme import Theme

METHOD: Final = (
    "The days that both tests have are drawn again 2,000 times, in blocks, the same days for both (paired stationary "
    "bootstrap); the interval holds 95 of 100 of the differences that come out."
)


def certainty(beside: Beside, name: str) -> str:
    """How sure the difference to the first test is, in whole sentences."""
    found = beside.uncertainty
    if not beside.is_judged:
        return f"How sure the difference of {name} and A is, is being worked out…"
    if found is None:
        return f"{name} and A have too few days in common to say how sure their difference is."
    returned, sharpe = found.yearly_return, found.sharpe_ratio
    if returned.difference == 0.0 and returned.low == returned.high == 0.0:
        return f"{name} and A earned exactly the same on each of {found.days:,} days."
    percent = round(LEVEL * 100)
    sentences = [
        f"{name} earned {_points(returned.difference)} a year {_more(returned)} than A (mean of the daily returns, "
        f"{found.days:,} days). With {percent} % confidence it is between {_signed(returned.low)} and "
        f"{_signed(returned.high)}: {_judged(returned)}."
    ]
    if math.isfinite(sharpe.difference):
        sentences.append(
            f"Its Sharpe ratio differs by {number(sharpe.difference, signed=True)}, between "
            f"{number(sharpe.low, signed=True)} and {number(sharpe.high, signed=True)}."
        )
    return " ".join(sentences)


def differences_html(comparison: Comparison, names: tuple[str, ...], theme: Theme) -> str:
    """The page of differences: each test against A, its certainty, its set-up, its drawing."""
    parts = [_paragraph(theme, sentence, "warning") for sentence in comparison.left_out]
    for place, beside in enumerate(comparison.others, start=1):
        parts.append(_heading(theme, place, names))
        parts.append(_paragraph(theme, certainty(beside, letter(place)), "text"))
        parts.append(_changes(theme, "Set-up", beside.set_up, "Both ran on the same set-up."))
        if beside.prices_differ and not beside.set_up:
            parts.append(_paragraph(theme, "The prices in the library were others by then.", "warning"))
        if beside.drawing is None:
            parts.append(_paragraph(theme, "The drawing of one of the two cannot be read.", "warning"))
        else:
            parts.append(_changes(theme, "Strategy", beside.drawing, "Both are drawn the same."))
    return "".join(parts)


def names_of(tests: tuple[ComparedTest, ...]) -> tuple[str, ...]:
    """Each test by its letter and its name."""
    return tuple(f"{letter(place)} · {test.name}" for place, test in enumerate(tests))


def _heading(theme: Theme, place: int, names: tuple[str, ...]) -> str:
    swatch = f'<span style="color:{color(theme, place).name()}">■</span>'
    return (
        f'<p style="margin:{0 if place == 1 else 16}px 0 4px 0"><b>{swatch} {html.escape(names[place])}</b> '
        f'<span style="color:{theme.colors["quiet_text"]}">against {html.escape(names[0])}</span></p>'
    )


def _paragraph(theme: Theme, sentence: str, token: str) -> str:
    return f'<p style="margin:0 0 8px 0; color:{theme.colors[token]}">{html.escape(sentence)}</p>'


def _changes(theme: Theme, title: str, changes: tuple[Change, ...], none: str) -> str:
    quiet = theme.colors["quiet_text"]
    if not changes:
        return _paragraph(theme, none, "quiet_text")
    rows = [(SIGNS[change.kind], change.text) for change in changes[:LISTED]]
    if len(changes) > LISTED:
        rows.append(("…", f"and {len(changes) - LISTED:,} more."))
    cells = "".join(
        f'<tr><td width="16" style="color:{quiet}">{sign}</td>'
        f'<td style="padding-bottom:4px">{html.escape(text)}</td></tr>'
        for sign, text in rows
    )
    head = f'<p style="margin:0 0 4px 0; color:{quiet}">{title}</p>'
    return f'{head}<table cellspacing="0" cellpadding="0">{cells}</table>'


def _points(value: float) -> str:
    return f"{number(abs(value) * 100.0)} percentage points"


def _signed(value: float) -> str:
    return f"{number(value * 100.0, signed=True)} pp".replace("-", MINUS)


def _more(interval: Interval) -> str:
    return "less" if interval.difference < 0.0 else "more"


def _judged(interval: Interval) -> str:
    if interval.is_sure:
        return "hardly chance"
    return "it may be chance, since zero lies inside"
