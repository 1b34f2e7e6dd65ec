"""What the cards of the start page show, as values: strategies and examples, and the face that a card gives them."""

import datetime
from dataclasses import dataclass, replace
from typing import Final

from builder_app.flow.values import LogicFlow
from builder_app.ui.start.card_menu import CardWish

_NEVER: Final = "never tested"


@dataclass(frozen=True, slots=True)
class StrategyCard:
    """A strategy of the user: `figure` as it is to be read ("total return +12.4 %"), empty where never tested.

    `edited_at` has a zone. `is_draft`: it has changes that were never saved. `is_saved`: there is a saved strategy
    behind it, which can have tags and versions. `is_older`: a draft that its saved strategy went on without.
    """

    id: str
    name: str
    flow: LogicFlow
    edited_at: datetime.datetime
    figure: str = ""
    is_draft: bool = False
    tags: tuple[str, ...] = ()
    is_saved: bool = True
    is_archived: bool = False
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class ExampleCard:
    """A strategy to begin from, and a sentence on what it does.

    `kind` and `figure` are as they are read ("Oscillation", "total return +12.4 % · 85 trades"); `curve` and
    `benchmark` begin at 1 and may be empty. `stars` 0: not rated.
    """

    id: str
    name: str
    description: str
    flow: LogicFlow
    kind: str = ""
    figure: str = ""
    curve: tuple[float, ...] = ()
    benchmark: tuple[float, ...] = ()
    stars: int = 0
    is_favourite: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class CardFace:
    """What any card shows: a name with an optional mark beside it, and two lines below."""

    id: str
    name: str
    flow: LogicFlow
    lines: tuple[str, ...]
    mark: str = ""
    line_color: str = "quiet_text"
    wishes: tuple[CardWish, ...] = ()
    curve: tuple[float, ...] = ()
    benchmark: tuple[float, ...] = ()
    tip: str = ""


def wishes_of(card: StrategyCard) -> tuple[CardWish, ...]:
    """What can be done with a strategy: a draft that was never saved has no tags and versions, and is not archived."""
    of_saved = {CardWish.TAGS, CardWish.ARCHIVE, CardWish.BRING_BACK, CardWish.VERSIONS}
    kept_out = {CardWish.USE, CardWish.ABOUT, CardWish.FAVOURITE, CardWish.NO_FAVOURITE}
    if not card.is_saved or card.is_older:
        kept_out |= of_saved
    kept_out.add(CardWish.ARCHIVE if card.is_archived else CardWish.BRING_BACK)
    if card.is_older:
        kept_out.add(CardWish.RENAME)
    return tuple(wish for wish in CardWish if wish not in kept_out)


def strategy_face(card: StrategyCard, edited: str) -> CardFace:
    """The face of a strategy's card; `edited` says in words when it was last changed."""
    token = _token(card.figure)
    tagged = " · ".join((f"edited {edited}", *card.tags))
    mark = "archived" if card.is_archived else "draft" if card.is_draft else ""
    lines = (card.figure or _NEVER, tagged)
    return CardFace(card.id, card.name or "Without a name", card.flow, lines, mark, token, wishes_of(card))


def example_face(card: ExampleCard) -> CardFace:
    """The face of an example's card; one without a result tells what it does instead."""
    wishes = [CardWish.USE, CardWish.ABOUT, CardWish.NO_FAVOURITE if card.is_favourite else CardWish.FAVOURITE]
    wishes += [CardWish.DELETE] if card.is_own else []
    rated = ("★" * card.stars,) if card.stars else ()
    lines = (card.figure, " · ".join((card.kind, *rated))) if card.figure else (card.description,)
    mark = " ".join(filter(None, ("yours" if card.is_own else "", "♥" if card.is_favourite else "")))
    token = _token(card.figure)
    face = CardFace(card.id, card.name, card.flow, lines, mark, token, tuple(wishes), card.curve, card.benchmark)
    return replace(face, tip=card.description)


def _token(figure: str) -> str:
    return "gain" if "+" in figure else "loss" if {"−", "-"} & set(figure) else "quiet_text"
