"""Strategies to begin from, on the start page: used, looked at, rated, marked, saved and taken away."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from builder_app.session.shelf.gallery import CATEGORY_WORDS, Gallery, GalleryItem, NewOwn
from builder_app.session.shelf.ready_made import ExampleResult
from builder_app.ui.start.about_dialog import AboutDialog
from builder_app.ui.start.card_menu import CardWish
from builder_app.ui.start.faces import ExampleCard
from builder_app.ui.window.coming_to_front import to_front
from builder_app.ui.window.save_template_dialog import SaveTemplateDialog

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow


class GalleryCommands:
    """Reads the gallery whenever the start page is shown; until it has come, no card is there."""

    def __init__(self, window: "MainWindow") -> None:
        self.window = window
        self._gallery = Gallery(window.session, lambda said: window.centre.messages.tell(said, stays=True))
        self._items: dict[str, GalleryItem] = {}
        self._dialogs: dict[str, AboutDialog] = {}
        page = window.start_page
        page.example_requested.connect(self.use)
        page.example_wished.connect(lambda wish, id: self.wish(CardWish(wish), id))
        page.example_delete_requested.connect(self.delete)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each of its rows in the table of actions."""
        return {"save_template": self.save}

    def refresh(self) -> None:
        """Read them again."""
        self._gallery.ask(self._take)

    def use(self, id: str) -> None:
        """Begin a strategy with a copy."""
        item = self._items.get(id)
        if item is None:
            return
        try:
            self._gallery.use(item)
        except ValueError as reason:
            self.window.centre.messages.tell(str(reason), stays=True)

    def wish(self, wish: CardWish, id: str) -> None:
        """Do what the menu of a card was asked for."""
        item = self._items.get(id)
        if item is None:
            return
        if wish is CardWish.ABOUT:
            self._show(item)
        elif wish in (CardWish.FAVOURITE, CardWish.NO_FAVOURITE):
            self._gallery.set_favourite(item, wish is CardWish.FAVOURITE, self.refresh)

    def delete(self, id: str) -> None:
        """Take one of the user's own away; the message brings it back."""
        item = self._items.get(id)
        if item is None or not item.is_own:
            return

        def done() -> None:
            self.refresh()
            said = f"The template '{item.name}' was deleted."
            self.window.centre.messages.tell(said, "Undo", lambda: self._gallery.restore(item, self.refresh))

        self._gallery.delete(item, done)

    def save(self) -> None:
        """Ask what the strategy in front is called as a template, and keep it as one."""
        document = self.window.document
        if document is None:
            return
        dialog = SaveTemplateDialog(document.name, CATEGORY_WORDS, self.window)

        def keep(new: NewOwn) -> None:
            told = f"'{new.name}' is among the strategies to begin from, on the start page."
            self._gallery.save(document, new, lambda: self._kept(told))

        dialog.chosen.connect(keep)
        dialog.open()

    # -- parts --------------------------------------------------------------------------------------------------

    def _kept(self, told: str) -> None:
        self.refresh()
        self.window.centre.messages.tell(told)

    def _take(self, items: tuple[GalleryItem, ...]) -> None:
        self._items = {item.example or item.id: item for item in items}
        self.window.start_page.show_examples(tuple(card_of(id, item) for id, item in self._items.items()))
        for id, dialog in tuple(self._dialogs.items()):
            if id in self._items:
                dialog.show_item(self._items[id])
            else:
                dialog.close()

    def _show(self, item: GalleryItem) -> None:
        id = item.example or item.id
        dialog = self._dialogs.get(id)
        if dialog is None:
            window = self.window
            dialog = self._dialogs[id] = AboutDialog(item, (window.theme, window.start_page.thumbnails), window)
            dialog.destroyed.connect(lambda: self._dialogs.pop(id, None))
            dialog.use_requested.connect(partial(self._use_and_close, id))
            dialog.rated.connect(lambda stars: self._gallery.rate(self._items[id], stars, self.refresh))
            dialog.favourite_requested.connect(
                lambda on: self._gallery.set_favourite(self._items[id], on, self.refresh)
            )
        to_front(dialog)

    def _use_and_close(self, id: str) -> None:
        self._dialogs[id].close()
        self.use(id)


def card_of(id: str, item: GalleryItem) -> ExampleCard:
    """The card of one of them."""
    result = item.result
    return ExampleCard(
        *(id, item.name, item.description, item.flow, CATEGORY_WORDS.get(item.category, "")),
        figure="" if result is None else _figure(result),
        curve=() if result is None else result.curve,
        benchmark=() if result is None else result.benchmark,
        stars=item.stars,
        is_favourite=item.is_favourite,
        is_own=item.is_own,
    )


def _figure(result: ExampleResult) -> str:
    total = result.figures.get("total_return", 0.0)
    sign = "+" if total >= 0 else "−"
    return f"total return {sign}{abs(total) * 100:,.1f} % · {result.trades:,} trades"
