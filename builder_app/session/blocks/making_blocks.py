"""Making blocks of one's own: checked while they are typed, saved, shared, deleted and brought back.

A user's block is one row of the store. Its newest version is the row's columns; the earlier ones are kept in its
`execution_hints`, since a strategy keeps the version that it was drawn with. So no version is ever lost, none needs a
row or a table of its own, and they travel with the block into a file.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from builder_app.flow.block_versions import template_difference
from builder_app.flow.group_templates import template_from_group
from builder_app.flow.templates import Catalogue
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.session import events
from builder_app.session.answering import answered
from builder_app.session.background import Latest
from builder_app.session.blocks.block_checks import check_draft
from builder_app.session.blocks.block_drafts import BlockDraft, draft_of, slug
from builder_app.session.blocks.block_probe import preview
from builder_app.session.blocks.stored_blocks import new_block
from builder_app.session.drafts.document import Document
from builder_app.store.records import NodeTemplateRecord

if TYPE_CHECKING:
    from builder_app.session.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    draft: BlockDraft
    as_new: bool
    catalogue: Catalogue


class MakingBlocks:
    """Every method is called in the owner's thread; events tell how it ended. `form` is whatever tells forms apart.

    `keep` has a document's draft written as it is now.
    """

    def __init__(self, session: "Session", keep: Callable[[Document], None]) -> None:
        self._session, self._keep = session, keep
        self._checks: Latest[_Question, events.BlockChecked] = Latest("block-checks", self._check, self._checked)
        self._asked: dict[str, _Question] = {}

    @property
    def is_idle(self) -> bool:
        """Nothing is being checked, or waits to be."""
        return self._checks.is_idle and not self._asked

    def close(self) -> None:
        """End the thread of checks."""
        self._checks.close()

    # -- drafts -----------------------------------------------------------------------------------------------------

    def draft_of(self, name: str) -> BlockDraft | None:
        """The form of one of the user's own blocks; None where there is none of that name."""
        catalogue = self._session.catalogue
        return draft_of(catalogue.templates[name]) if catalogue.is_own(name) and name in catalogue.templates else None

    def draft_of_group(self, document: Document, group: str) -> BlockDraft:
        """The form of a block that is made of a group of the strategy. Raises GroupingRefused with a sentence.

        Where the user has made a block of a group of this title before, it is the next version of that.
        """
        catalogue = self._session.catalogue
        title = document.flow.groups[group].title
        made = template_from_group(document.flow, catalogue, group, slug(title) or "my_block")
        own = catalogue.templates.get(made.name) if catalogue.is_own(made.name) else None
        draft = draft_of(made)
        if own is not None and own.body:
            return replace(draft, base=own, display_name=own.display_name, category=own.category)
        return replace(draft, base=None, name=free_name(made.name, catalogue))

    def copy_of(self, name: str) -> BlockDraft:
        """The form of a block that begins as this one is, whoever made it; it is to be saved as a new one."""
        catalogue = self._session.catalogue
        return replace(draft_of(catalogue.templates[name]), name=free_name(name, catalogue))

    def check(self, form: str, draft: BlockDraft, *, as_new: bool = False) -> None:
        """Check what stands in a form; BlockChecked tells, of the newest state of the form only."""
        question = _Question(draft, as_new, self._session.catalogue)
        self._asked[form] = question
        self._checks.ask(form, question)

    def forget(self, form: str) -> None:
        """The form was closed."""
        self._asked.pop(form, None)
        self._checks.forget(form)

    # -- saving -----------------------------------------------------------------------------------------------------

    def save(self, form: str, draft: BlockDraft, *, as_new: bool = False) -> None:
        """Make the block, or its next version; BlockSaved tells when, BlockRefused why not.

        `as_new` makes a block of its own of an edited one, under the name that the draft has.
        """
        catalogue, blocks = self._session.catalogue, self._session.rooms.store.node_templates

        def write() -> events.BlockSaved:
            checked = check_draft(draft, catalogue, as_new=as_new)
            template = checked.template
            if template is None:
                raise ValueError(checked.faults[0].sentence)
            base = None if as_new else draft.base
            called = f"'{template.display_name}'"
            if base is None:
                blocks.create(new_block(template))
                said = f"{called} is one of your blocks now."
                return events.BlockSaved(form, template.name, template.version, said, is_new=True)
            if template.version == base.version:
                return events.BlockSaved(form, template.name, template.version, f"{called} was not changed.")
            blocks.update(self._own(template.name).id, new_block(template), base.version)
            said = f"{called} has version {template.version} now. Strategies keep the version they were drawn with."
            return events.BlockSaved(form, template.name, template.version, said)

        self._run(form, write, self._changed)

    # -- the shelf of blocks ----------------------------------------------------------------------------------------

    def share(self, name: str, is_shared: bool) -> None:
        """Show a block to every user, read-only, or to its owner alone again; BlockShelved tells when it is so."""
        said = "may be used by every user now, and changed by you alone" if is_shared else "is yours alone again"

        def write() -> events.BlockShelved:
            held = self._own(name)
            self._session.rooms.store.node_templates.set_shared(held.id, is_shared)
            return events.BlockShelved(name, f"'{held.display_name}' {said}.", is_shared=is_shared)

        self._run("", write, self._changed)

    def delete(self, name: str) -> None:
        """Take a block away; BlockShelved tells it. Refused where it is used, with the list of where."""
        self._keep_drawn()

        def write() -> events.BlockShelved:
            held = self._own(name)
            uses = self._uses(held)
            if uses:
                raise BlockInUse(held.display_name, uses)
            self._session.rooms.store.node_templates.soft_delete(held.id)
            return events.BlockShelved(name, f"The block '{held.display_name}' was deleted.", held.id)

        self._run("", write, self._changed)

    def restore(self, name: str, row: str) -> None:
        """Bring a deleted block back as it was."""

        def write() -> events.BlockShelved:
            self._session.rooms.store.node_templates.restore(row)
            held = self._own(name)
            return events.BlockShelved(name, f"The block '{held.display_name}' is back.", is_shared=held.is_shared)

        self._run("", write, self._changed)

    def ask_uses(self, name: str) -> None:
        """Read where a block is used; BlockUsesRead tells."""
        self._keep_drawn()

        def read() -> events.BlockUsesRead:
            held = self._own(name)
            return events.BlockUsesRead(name, held.display_name, self._uses(held))

        self._run("", read, self._session.tell)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _own(self, name: str) -> NodeTemplateRecord:
        held = self._session.rooms.store.node_templates.own(name)
        if held is None:
            raise ValueError(f"There is no block '{name}' of yours; it may have been deleted in another window.")
        return held

    def _keep_drawn(self) -> None:
        """What is open goes into the store as it is drawn now: a draft there may be some steps older."""
        for document in tuple(self._session.documents.values()):
            self._keep(document)

    def _uses(self, held: NodeTemplateRecord) -> tuple[str, ...]:
        self._session.flush()
        uses = self._session.rooms.store.node_templates.used_in(held.id)
        return tuple(name or UNTITLED_STRATEGY for name in uses)

    def _changed(self, event: "events.BlockSaved | events.BlockShelved") -> None:
        self._session.blocks.read()
        self._session.tell(event)

    def _run(self, form: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        session = self._session
        answered(
            session.slow_writes, session.post, work, done, lambda said: session.tell(events.BlockRefused(form, said))
        )

    def _check(self, form: str, asked: _Question) -> events.BlockChecked:
        checked = check_draft(asked.draft, asked.catalogue, as_new=asked.as_new)
        template, shown = checked.template, None
        if template is None:
            return events.BlockChecked(form, checked, None)
        with contextlib.suppress(ArithmeticError, ValueError, KeyError):  # a preview is a convenience: none is none
            shown = preview(template, asked.catalogue, self._session.rooms.library)
        base = None if asked.as_new else asked.draft.base
        return events.BlockChecked(form, checked, shown, template_difference(base, template) if base else ())

    def _checked(self, form: str, asked: _Question, answer: events.BlockChecked) -> None:
        def take() -> None:
            if self._asked.get(form) is asked:
                del self._asked[form]
                self._session.tell(answer)

        self._session.post(take)


class BlockInUse(ValueError):
    """A block was not deleted, since it is used; `uses` are the names of where."""

    def __init__(self, title: str, uses: tuple[str, ...]) -> None:
        self.uses = uses
        shown = "\n".join(f"• {name}" for name in uses)
        super().__init__(
            f"The block '{title}' was not deleted, because it is used. Take it out of these first:\n{shown}"
        )


def free_name(name: str, catalogue: Catalogue) -> str:
    """The name, or the name with the first number that nobody has."""
    candidate, number = name, 1
    while candidate in catalogue.templates:
        number += 1
        candidate = f"{name[:56]}_{number}"
    return candidate
