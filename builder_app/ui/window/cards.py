"""What the start page shows, from the session's lists."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from builder_app.session.listing import ListedStrategy
from builder_app.session.ready_made import ready_made
from builder_app.session.session import Session
from builder_app.ui.start.cards import ExampleCard, StrategyCard


def strategy_cards(listed: Sequence[ListedStrategy]) -> tuple[StrategyCard, ...]:
    """A card for each strategy and draft, in this order."""
    return tuple(
        StrategyCard(
            *(item.id, item.name, item.flow, item.edited_at, item.figure, item.is_draft, item.tags),
            is_saved=item.instance is not None,
            is_archived=item.is_archived,
            is_older=item.is_older,
        )
        for item in listed
    )


def example_cards(session: Session) -> tuple[ExampleCard, ...]:
    """A card for each ready-made strategy; they ship with the program, and are read once."""
    return _example_cards(session.rooms.examples)


@lru_cache(maxsize=4)
def _example_cards(folder: Path) -> tuple[ExampleCard, ...]:
    return tuple(ExampleCard(item.id, item.name, item.description, item.flow) for item in ready_made(folder))
