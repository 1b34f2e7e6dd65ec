"""Strategies as wholes: the menu of a card, the filter above the cards, one file to give away, and versions."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.shelf import listing
from builder_app.session.shelf.listing import ListedStrategy, Wanted
from builder_app.session.shelf.shelving import KeptVersion, Shelving
from builder_app.ui.start.card_menu import CardWish
from builder_app.ui.versions import VersionsDialog
from builder_app.ui.window.cards import strategy_cards
from builder_app.ui.window.coming_to_front import tell_drawn_again, to_front
from builder_app.ui.window.files import ask_for_file, ask_where_to_save
from builder_app.ui.window.line_dialog import LineDialog

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

BUNDLE: Final = ".strategy.zip"
KINDS: Final = "Strategies (*.strategy.zip)"
TAG_WORDS: Final = "Words to find the strategy by, between commas."
ShelfEvent = (
    events.ShelfChanged | events.VersionsListed | events.VersionKept | events.VersionCompared | events.VersionRestored
)


class ShelfCommands:
    """The handlers of one window for strategies as wholes; what they lead to comes back by `follow`."""

    def __init__(self, window: "MainWindow") -> None:
        self.window = window
        self.session = window.session
        self._shelving = Shelving(window.session)
        self._wanted = listing.EVERYTHING
        self._listed: dict[str, ListedStrategy] = {}
        self._dialogs: dict[str, VersionsDialog] = {}
        self._versions: dict[str, dict[str, KeptVersion]] = {}
        page = window.start_page
        page.wished.connect(lambda wish, id: self.wish(CardWish(wish), id))
        page.filter_changed.connect(self.narrow)
        page.import_strategy_requested.connect(self.import_strategy)
        window.session.subscribe(self._follow_drawing)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each of its rows in the table of actions."""
        return {
            "import_strategy": self.import_strategy,
            "export_strategy": self.export_document,
            "keep_version": lambda: self.show_versions(keep=True),
            "versions": self.show_versions,
        }

    # -- the start page -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the strategies again, as far as the filter lets them through."""
        listed = listing.strategies(self.session, self._wanted)
        self._listed = {item.id: item for item in listed}
        in_use = listing.tags_in_use(self.session)
        self.window.start_page.show_tags(sorted(in_use, key=lambda tag: (-in_use[tag], tag)))
        self.window.start_page.show_recents(strategy_cards(listed))

    def narrow(self, text: str, tag: str, archived: bool) -> None:
        """Show only these strategies."""
        self._wanted = Wanted(text, tag or None, archived)
        self.refresh()

    def wish(self, wish: CardWish, id: str) -> None:
        """Do what the menu of a card was asked for."""
        listed = self._listed.get(id)
        if listed is None:
            return
        calls: dict[CardWish, Callable[[], None]] = {
            CardWish.RENAME: lambda: self._ask_name(listed),
            CardWish.DUPLICATE: lambda: self._shelving.duplicate(listed),
            CardWish.TAGS: lambda: self._ask_tags(listed),
            CardWish.EXPORT: lambda: self._ask_export(listed),
            CardWish.ARCHIVE: lambda: self._shelving.archive(listed),
            CardWish.BRING_BACK: lambda: self._shelving.bring_back(listed.instance or "", f"'{listed.name}'"),
            CardWish.VERSIONS: lambda: self._versions_of(listed),
        }
        if wish in calls:
            self._try(calls[wish])

    def import_strategy(self) -> None:
        """Ask for a file and take the strategy in."""
        ask_for_file(self.window, "Import strategy", KINDS, self._shelving.import_file)

    def take_file(self, path: Path) -> None:
        """A file was dropped on the window."""
        if path.name.endswith(BUNDLE):
            self._shelving.import_file(path)
        else:
            self.window.commands.open_path(path)

    def export_document(self) -> None:
        """Ask for a name and write the strategy in front to one file."""
        document = self.window.document
        if document is not None:
            suggested = f"{document.name}{BUNDLE}"
            ask_where_to_save(
                *(self.window, "Export as one file", suggested),
                lambda path: self._shelving.export_document(document, _with_suffix(path)),
            )

    # -- versions -----------------------------------------------------------------------------------------------

    def show_versions(self, *, keep: bool = False) -> None:
        """Show the versions of the strategy in front; to `keep` one the cursor stands in its note."""
        document = self.window.document
        if document is None:
            return
        dialog = self._dialogs.get(document.id) or self._dialog(document)
        to_front(dialog)
        self._shelving.ask_versions(document)
        if keep:
            dialog.note.setFocus()
        else:
            dialog.list.setFocus()

    def follow(self, event: ShelfEvent) -> None:
        """Show what was done."""
        if isinstance(event, events.ShelfChanged):
            self._tell(event)
            self.refresh()
            return
        dialog, versions = self._dialogs.get(event.document), self._versions.setdefault(event.document, {})
        match event:
            case events.VersionsListed():
                versions.update({version.id: version for version in event.versions})
                if dialog is not None:
                    dialog.show_versions(event.versions)
            case events.VersionKept():
                versions[event.version.id] = event.version
                self.window.centre.messages.tell(f"Version {event.version.number} was kept.")
                if dialog is not None:
                    dialog.show_kept(event.version)
            case events.VersionCompared():
                if dialog is not None:
                    dialog.show_difference(event.version, event.changes)
            case events.VersionRestored():
                self._tell_restored(event)

    # -- parts --------------------------------------------------------------------------------------------------

    def _tell(self, event: events.ShelfChanged) -> None:
        tell, id = self.window.centre.messages.tell, event.strategy
        match event.offer:
            case events.ShelfOffer.OPEN:
                tell(event.message, "Open", lambda: self.window.commands.open_strategy(id))
            case events.ShelfOffer.BRING_BACK:
                tell(event.message, "Undo", lambda: self._shelving.bring_back(id))
            case events.ShelfOffer.NOTHING:
                tell(event.message)

    def _tell_restored(self, event: events.VersionRestored) -> None:
        document, number = self.session.documents.get(event.document), event.version.number
        if document is not None:
            said = f"'{document.name}' is drawn as it was in version {number}. Undo brings back what was drawn before."
            tell_drawn_again(self.window, document, said)

    def _dialog(self, document: Document) -> VersionsDialog:
        id = document.id
        dialog = self._dialogs[id] = VersionsDialog(document.name, self.window)
        dialog.destroyed.connect(lambda: self._dialogs.pop(id, None))
        dialog.keep_requested.connect(lambda note: self._try(lambda: self._shelving.keep_version(document, note)))
        dialog.compare_requested.connect(lambda version: self._compare(document, version))
        dialog.restore_requested.connect(lambda version: self._restore(document, version))
        return dialog

    def _compare(self, document: Document, version: str) -> None:
        known = self._versions.get(document.id, {}).get(version)
        if known is not None:
            self._shelving.ask_difference(document, known)

    def _restore(self, document: Document, version: str) -> None:
        known = self._versions.get(document.id, {}).get(version)
        if known is not None:
            self._shelving.restore(document, known)

    def _follow_drawing(self, event: events.Event) -> None:
        """Ask at the edit itself: a timer would come last, behind all that a busy window has still to do."""
        if isinstance(event, events.FlowChanged) and event.document in self._dialogs:
            document, dialog = self.session.documents.get(event.document), self._dialogs[event.document]
            if document is not None:
                dialog.show_name(document.name)
                dialog.show_overtaken()
                if dialog.chosen is not None:
                    self._shelving.ask_difference(document, dialog.chosen)
        elif isinstance(event, events.DocumentClosed) and event.document in self._dialogs:
            self._dialogs[event.document].close()

    def _versions_of(self, listed: ListedStrategy) -> None:
        listing.open_listed(self.session, listed.id)
        document = next((one for one in self.session.documents.values() if one.instance == listed.instance), None)
        if document is not None:
            self.window.centre.tabs.setCurrentWidget(self.window.canvases[document.id])
            self.show_versions()

    def _ask_name(self, listed: ListedStrategy) -> None:
        def take(name: str) -> None:
            front = self.window.centre.tabs.currentWidget()
            self._try(lambda: self._shelving.rename(listed, " ".join(name.split())))
            self.window.centre.tabs.setCurrentWidget(front)

        dialog = LineDialog(self.window, "Rename", f"Another name for '{listed.name}'.", listed.name)
        dialog.ask(take, may_be_empty=False)

    def _ask_tags(self, listed: ListedStrategy) -> None:
        def take(text: str) -> None:
            tags = dict.fromkeys(" ".join(tag.split()) for tag in text.split(",") if tag.strip())
            self._shelving.set_tags(listed, tuple(tags))

        dialog = LineDialog(self.window, "Set tags", TAG_WORDS, ", ".join(listed.tags))
        dialog.ask(take, may_be_empty=True)

    def _ask_export(self, listed: ListedStrategy) -> None:
        suggested = f"{listed.name}{BUNDLE}"
        ask_where_to_save(
            *(self.window, "Export as one file", suggested),
            lambda path: self._shelving.export(listed, _with_suffix(path)),
        )

    def _try(self, call: Callable[[], object]) -> None:
        try:
            call()
        except (OSError, ValueError) as reason:
            self.window.centre.messages.tell(str(reason), stays=True)


def _with_suffix(path: Path) -> Path:
    """The path with the ending that the file is recognised by."""
    return path if path.name.endswith(BUNDLE) else path.with_name(f"{path.name}{BUNDLE}")
