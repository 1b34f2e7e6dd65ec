"""Blocks of one's own in the window: forms, the palette's menu, and what the session tells of them."""

from typing import TYPE_CHECKING, assert_never

from builder_app.session import events

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

BlockEvent = (
    events.BlockChecked
    | events.BlockRefused
    | events.BlockSaved
    | events.BlockShelved
    | events.BlockUsesRead
    | events.BlocksCounted
)


class BlockCommands:
    """Between the session's making of blocks and one window."""

    def __init__(self, window: "MainWindow") -> None:
        self.window, self.session = window, window.session
        self.making = window.session.making_blocks

    def follow(self, event: BlockEvent) -> None:
        """Show what was done."""
        tell = self.window.centre.messages.tell
        match event:
            case events.BlockChecked():
                pass
            case events.BlockRefused():
                tell(event.message, stays=True)
            case events.BlockSaved():
                tell(event.message)
            case events.BlockShelved():
                tell(event.message)
            case events.BlockUsesRead():
                tell(", ".join(event.uses))
            case events.BlocksCounted():
                self.window.used_blocks.take_counts(event.counts)
                self.window.offer_used_blocks()
            case _:
                assert_never(event)
