"""What the start page shows, from the session's lists."""

from collections.abc import Sequence

from builder_app.session.shelf.listing import ListedStrategy
from builder_app.ui.start.faces import StrategyCard


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
