"""Blocks of one's own in the window: forms, the palette's menu, and what the session tells of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from builder_app.flow.grouping import GroupingRefused
from builder_app.flow.groups import group_of
from builder_app.session import events
from builder_app.session.blocks.block_drafts import NEW_BLOCK, BlockDraft
from builder_app.ui.block_maker.window import BlockMaker
from builder_app.ui.window.coming_to_front import to_front

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
        self.forms: dict[str, BlockMaker] = {}
        self._opened = 0
        window.palette_view.new_requested.connect(self.make_new)
        window.palette_view.menu_requested.connect(self.open_menu)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each of its rows in the table of actions."""
        return {"new_block": self.make_new, "save_block": self.save_group}

    def make_new(self) -> None:
        """Open the form of a new block."""
        self.open_form(NEW_BLOCK)

    def save_group(self) -> None:
        """Open the form of a block that is made of the selected group."""
        document, canvas = self.window.document, self.window.canvas
        if document is None or canvas is None:
            return
        drawn = canvas.canvas.picture.flow
        chosen = {group_of(drawn.nodes[id].template) for id in canvas.selected_nodes() if id in drawn.nodes}
        groups = [group for group in chosen if group in document.flow.groups and group is not None]
        if len(groups) != 1 or len(chosen) != 1:
            canvas.say("Select one group first; Ctrl+G makes one of the selected blocks.")
            return
        try:
            draft = self.making.draft_of_group(document, groups[0])
        except GroupingRefused as reason:
            self.window.centre.messages.tell(str(reason), stays=True)
        else:
            self.open_form(draft)

    def edit(self, name: str) -> None:
        """Open the form of one of the user's own blocks, or bring it to the front."""
        draft = self.making.draft_of(name)
        if draft is not None:
            self.open_form(draft)

    def open_form(self, draft: BlockDraft, *, as_new: bool = False) -> BlockMaker:
        """Show a form; one that shows the very same block already is brought to the front."""
        is_known = draft.base is not None and not as_new
        form = next((form for form in self.forms.values() if is_known and form.begins_as(draft)), None)
        if form is None:
            form = self._new_form(draft, as_new=as_new)
        to_front(form)
        form.head["display_name"].setFocus()
        return form

    def open_menu(self, name: str, at: QPoint) -> QMenu:
        """Show what can be done with a user-made block: everything with one's own, a copy of a shared one."""
        catalogue = self.session.catalogue
        menu = QMenu(self.window)
        menu.setObjectName("blockMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if catalogue.is_own(name):
            is_shared = name in catalogue.shared_by
            menu.addAction("Edit…", lambda: self.edit(name))
            menu.addAction("Copy as a new block…", lambda: self.open_form(self.making.copy_of(name), as_new=True))
            menu.addSeparator()
            menu.addAction("Stop sharing" if is_shared else "Share", lambda: self.making.share(name, not is_shared))
            menu.addAction("Where used…", lambda: self.making.ask_uses(name))
            menu.addSeparator()
            menu.addAction("Delete", lambda: self.making.delete(name))
        else:
            menu.addAction("Copy as a block of mine…", lambda: self.open_form(self.making.copy_of(name), as_new=True))
        menu.popup(at)
        return menu

    def follow(self, event: BlockEvent) -> None:
        """Show what was done."""
        tell = self.window.centre.messages.tell
        match event:
            case events.BlockChecked():
                if event.form in self.forms:
                    self.forms[event.form].show_checked(event)
            case events.BlockRefused():
                if event.form in self.forms:
                    self.forms[event.form].show_refused(event.message)
                else:
                    tell(event.message, stays=True)
            case events.BlockSaved():
                if event.is_new:
                    tell(event.message, "Add it", lambda: self.window.commands.add_block(event.name))
                else:
                    tell(event.message)
                self._close_form(event.form)
            case events.BlockShelved():
                self._tell_shelved(event)
            case events.BlockUsesRead():
                tell(_uses_words(event), stays=bool(event.uses))
            case events.BlocksCounted():
                self.window.used_blocks.take_counts(event.counts)
                self.window.offer_used_blocks()
            case _:
                assert_never(event)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _new_form(self, draft: BlockDraft, *, as_new: bool) -> BlockMaker:
        self._opened += 1
        key = f"form-{self._opened}"
        form = self.forms[key] = BlockMaker(draft, self.window.theme, self.window, as_new=as_new)
        form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form.setObjectName("blockMaker")
        form.show_shared(not as_new and draft.name in self.session.catalogue.shared_by)
        form.check_requested.connect(lambda asked, as_new: self.making.check(key, asked, as_new=as_new))
        form.save_requested.connect(lambda asked, as_new: self.making.save(key, asked, as_new=as_new))
        form.share_requested.connect(self.making.share)
        form.delete_requested.connect(lambda name: self._delete(key, name))
        form.finished.connect(lambda _result: self._forget(key))
        self.making.check(key, draft, as_new=form.as_new)
        return form

    def _delete(self, key: str, name: str) -> None:
        self._close_form(key)
        self.making.delete(name)

    def _close_form(self, key: str) -> None:
        if key in self.forms:
            self.forms[key].accept()

    def _forget(self, key: str) -> None:
        self.making.forget(key)
        self.forms.pop(key, None)

    def _tell_shelved(self, event: events.BlockShelved) -> None:
        for form in self.forms.values():
            if form.draft.name == event.name:
                form.show_shared(event.is_shared)
        if event.deleted:
            self.window.centre.messages.tell(
                event.message, "Undo", lambda: self.making.restore(event.name, event.deleted)
            )
        else:
            self.window.centre.messages.tell(event.message)


def _uses_words(event: events.BlockUsesRead) -> str:
    if not event.uses:
        return f"'{event.title}' is used nowhere."
    return "\n".join([f"'{event.title}' is used in:", *(f"• {name}" for name in event.uses)])
