"""What the start page shows, from the session's lists."""

from builder_app.session import listing
from builder_app.session.session import Session
from builder_app.ui.start.cards import ExampleCard, StrategyCard


def strategy_cards(session: Session) -> tuple[StrategyCard, ...]:
    """A card for each strategy and draft, the newest edit first."""
    return tuple(
        StrategyCard(item.id, item.name, item.flow, item.edited_at, item.figure, item.is_draft)
        for item in listing.strategies(session)
    )


def example_cards(session: Session) -> tuple[ExampleCard, ...]:
    """A card for each ready-made strategy."""
    return tuple(
        ExampleCard(item.id, item.name, item.description, item.flow)
        for item in listing.examples(session.rooms.examples)
    )
