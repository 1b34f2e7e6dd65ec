"""The blocks that users made, beside those that come with the program: one catalogue of both.

What another user shares is a stranger's: every block is checked as strictly as one in a file. One that may not be used
is left out and said, and its places in a strategy stay placeholders.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from builder_app.flow.secret_values import guarded
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import frozen_mapping
from builder_app.nodes.templates import TemplatesUnreadable
from builder_app.session import events
from builder_app.session.background import Latest
from builder_app.session.blocks.stored_blocks import block_of
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.store.records import OfferedTemplate

MOST_SENTENCES: Final = 5
"""So many blocks that are left out are named, and the rest is counted."""
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Blocks:
    """The catalogue of all blocks, and a sentence for each user-made one that is not in it."""

    catalogue: Catalogue
    left_out: tuple[str, ...] = ()


def with_user_blocks(curated: Catalogue, offered: Iterable[OfferedTemplate]) -> Blocks:
    """The program's blocks and those that users made; of equal names the program's."""
    made: dict[str, NodeTemplate] = {}
    shared_by: dict[str, str] = {}
    left_out: list[str] = []
    for item in offered:
        name = item.record.name
        whose = "Your block" if item.is_own else "The shared block"
        if name in curated.templates:
            if item.is_own:  # a strategy that was drawn with it means another block now: that must be said
                left_out.append(
                    f"{whose} {_shown(name)} is not used: a block of that name comes with the program now. "
                    "Make it anew under another name, and put that one into your strategies."
                )
            continue
        try:
            made[name] = block_of(item.record)
            if item.record.is_shared:
                shared_by[name] = "" if item.is_own else item.owner or "another user"
        except TemplatesUnreadable as reason:
            left_out.append(f"{whose} {_shown(name)} was left out: {_cut(reason.problems[0])}")
        except Exception as reason:  # a stranger's row may be of any shape, and must not keep the others away
            left_out.append(f"{whose} {_shown(name)} was left out: it is damaged ({type(reason).__name__}).")
    if not made:
        return Blocks(curated, tuple(left_out))
    templates = frozen_mapping({**curated.templates, **made})
    return Blocks(Catalogue(templates, curated.user_made | made.keys(), frozen_mapping(shared_by)), tuple(left_out))


class UserBlocks:
    """Reads users' blocks on a thread of its own, and makes the desk's catalogue of them.

    `regenerate` is called for every open document whenever the blocks are others; `keep_draft` where its flow holds
    values that a block, known only now, calls sensitive.
    """

    def __init__(
        self, desk: Desk, regenerate: Callable[[Document], None], keep_draft: Callable[[Document], None]
    ) -> None:
        self._desk, self._regenerate, self._keep_draft = desk, regenerate, keep_draft
        self._said: tuple[str, ...] = ()
        self._reading: Latest[None, Blocks | str] = Latest("user-blocks", self._read, self._have_read)
        desk.subscribe(self._follow)

    def read(self) -> None:
        """Read them, at the start and whenever a block came, changed or went; CatalogueChanged tells of a difference.

        From any thread.
        """
        self._reading.ask("", None)

    @property
    def is_idle(self) -> bool:
        """Nothing is being read or waits to be."""
        return self._reading.is_idle

    def close(self) -> None:
        """End the thread."""
        self._reading.close()

    def _follow(self, event: events.Event) -> None:
        if isinstance(event, events.ShelfChanged):  # a strategy that was imported may have brought blocks
            self.read()

    def _read(self, _key: str, _question: None) -> Blocks | str:
        try:
            offered = self._desk.rooms.store.node_templates.usable()
            return with_user_blocks(self._desk.rooms.catalogue, offered)
        except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
            why = str(reason).rstrip(".") or type(reason).__name__
            return f"Blocks that users made could not be read, so strategies with them have placeholders: {why}."

    def _have_read(self, _key: str, _question: None, answer: Blocks | str) -> None:
        if isinstance(answer, str):
            self._desk.post_event(events.Refused("", answer))
        else:
            self._desk.post(partial(self._take, answer))

    def _take(self, blocks: Blocks) -> None:
        """In the owner's thread: these are the blocks from now on."""
        if blocks.left_out != self._said:
            self._say(blocks.left_out)
        if blocks.catalogue == self._desk.catalogue:
            return
        self._desk.catalogue = blocks.catalogue
        documents = tuple(self._desk.documents.values())
        for document in documents:
            document.coded_flow = None  # its code was made by other blocks
        self._desk.tell(events.CatalogueChanged(blocks.catalogue))
        for document in documents:
            self._guard(document)
            self._regenerate(document)

    def _say(self, left_out: tuple[str, ...]) -> None:
        self._said = left_out
        more = len(left_out) - MOST_SENTENCES
        rest = [f"{more} more blocks were left out."] if more > 1 else ["One more block was left out."] * more
        if left_out:
            self._desk.tell(events.Refused("", "\n".join([*left_out[:MOST_SENTENCES], *rest])))

    def _guard(self, document: Document) -> None:
        before, document.flow = document.flow, guarded(document.flow, self._desk.catalogue)
        if document.flow is not before:
            self._keep_draft(document)
            self._desk.tell(events.FlowChanged(document.id, before, document.flow))


def _shown(name: str) -> str:
    words = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name[:60])
    return f"'{words}{'…' if len(name) > 60 else ''}'"


def _cut(sentence: str) -> str:
    words = "".join(sign if sign.isprintable() else " " for sign in sentence[:_LONGEST])
    return f"{words}…" if len(sentence) > _LONGEST else words
