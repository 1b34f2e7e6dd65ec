"""Strategies to begin from: those that ship with the program and the user's own, with what the user thinks of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from builder_app.flow.codec import FlowUnreadable
from builder_app.flow.explaining import explain
from builder_app.flow.values import LogicFlow
from builder_app.session.answering import answered
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.stored_flow import joined_flow, split_flow
from builder_app.session.secrecy.secrets import without_secrets
from builder_app.session.shelf.ready_made import ExampleResult, ready_made, result_from, result_of, result_to_json
from builder_app.store.list_records import StrategyTemplateWish
from builder_app.store.records import NewStrategyTemplate, StrategyTemplateRecord, every_row
from builder_app.store.vocabulary import StrategyCategory, TemplateOrder

if TYPE_CHECKING:
    from builder_app.session.session import Session

PAGE: Final = 500
CATEGORY_WORDS: Final = {
    "TREND_FOLLOWING": "Trend following",
    "OSCILLATION": "Oscillation",
    "MULTI_FACTOR": "Several factors",
}
"""The kinds of strategy, in the order in which they are shown, and what they are called."""


@dataclass(frozen=True, slots=True, eq=False)
class GalleryItem:
    """One strategy to begin from.

    `id` is the store's, empty as long as a shipped one has not been written there; `example` the shipped one's file, or
    empty for one of the user's own. `stars` 0: the user has not rated it.
    """

    id: str
    example: str
    name: str
    description: str
    category: str
    flow: LogicFlow
    explanation: str
    result: ExampleResult | None = None
    usage: int = 0
    rating: float = 0.0
    ratings: int = 0
    stars: int = 0
    is_favourite: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the user made it."""
        return not self.example


class Gallery:
    """Asked in the owner's thread; every answer is given to `done` in it, what went wrong to `refused`."""

    def __init__(self, session: "Session", refused: Callable[[str], None]) -> None:
        self._session, self._refused = session, refused

    def ask(self, done: Callable[[tuple[GalleryItem, ...]], None]) -> None:
        """All of them: the user's own first, then the shipped ones, by kind and name."""
        self._run(self._read, done)

    def use(self, item: GalleryItem) -> Document:
        """Open a copy as a new strategy; it counts as used. Raises ValueError where the store refuses."""
        document = self._session.new_document(item.flow, item.name if item.example else "")
        if item.is_own:
            self._run(partial(self._session.rooms.store.strategy_templates.count_use, item.id), lambda _none: None)
        return document

    def save(self, document: Document, new: "NewOwn", done: Callable[[], None]) -> None:
        """Make a template of an open strategy, without the values of sensitive parameters, with its newest result."""
        logic_flow, parameters = split_flow(without_secrets(replace(document.flow, name=new.name)))
        result = document.result if not document.result_is_stale else None
        made = NewStrategyTemplate(
            new.name,
            StrategyCategory(new.category),
            logic_flow,
            new.description,
            parameters,
            None if result is None else result_to_json(result_of(result)),
        )
        self._run(partial(self._session.rooms.store.strategy_templates.create, made), lambda _made: done())

    def rate(self, item: GalleryItem, stars: int, done: Callable[[], None]) -> None:
        """Give 1 to 5 stars; the user's earlier ones are replaced."""
        self._change(item, "rate", stars, done)

    def set_favourite(self, item: GalleryItem, is_favourite: bool, done: Callable[[], None]) -> None:
        """Mark it as a favourite, or take the mark away."""
        self._change(item, "set_favourite", is_favourite, done)

    def delete(self, item: GalleryItem, done: Callable[[], None]) -> None:
        """Take one of the user's own off the list; `restore` brings it back."""
        self._run(partial(self._session.rooms.store.strategy_templates.soft_delete, item.id), lambda _none: done())

    def restore(self, item: GalleryItem, done: Callable[[], None]) -> None:
        """Bring a deleted one of the user's own back."""
        self._run(partial(self._session.rooms.store.strategy_templates.restore, item.id), lambda _none: done())

    # -- parts ------------------------------------------------------------------------------------------------------

    def _change(self, item: GalleryItem, method: str, value: Any, done: Callable[[], None]) -> None:
        templates = self._session.rooms.store.strategy_templates

        def change() -> None:
            row = None if item.id else self._system().get(item.name)
            if not item.id and row is None:
                raise ValueError(f"'{item.name}' is not in the store yet; try again in a moment.")
            getattr(templates, method)(item.id or (row.id if row is not None else ""), value)

        self._run(change, lambda _none: done())

    def _read(self) -> tuple[GalleryItem, ...]:
        rooms, catalogue = self._session.rooms, self._session.catalogue
        system = self._system()
        opinions = rooms.store.strategy_templates.opinions()
        items = [item for row in self._rows(system=False) if (item := _own(row)) is not None]
        shipped = [
            _with_row(
                GalleryItem("", each.id, each.name, each.description, each.category, each.flow, "", each.result),
                system.get(each.name),
            )
            for each in ready_made(rooms.examples)
        ]
        order = list(CATEGORY_WORDS)
        shipped.sort(key=lambda item: (order.index(item.category), item.name))
        return tuple(
            replace(
                item,
                explanation=explain(item.flow, catalogue).text,
                is_favourite=opinions.get(item.id, (False, None))[0],
                stars=opinions.get(item.id, (False, None))[1] or 0,
            )
            for item in (*items, *shipped)
        )

    def _system(self) -> dict[str, StrategyTemplateRecord]:
        return {row.name: row for row in self._rows(system=True)}

    def _rows(self, *, system: bool) -> Iterator[StrategyTemplateRecord]:
        wish = StrategyTemplateWish(system=system, order=TemplateOrder.NAME)
        return every_row(lambda key: self._session.rooms.store.strategy_templates.list(wish, PAGE, key))

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        answered(self._session.slow_writes, self._session.post, work, done, self._refused)


@dataclass(frozen=True, slots=True)
class NewOwn:
    """What the user says of a template of their own: `category` is a key of CATEGORY_WORDS."""

    name: str
    category: str
    description: str = ""


def _own(row: StrategyTemplateRecord) -> GalleryItem | None:
    """A template of the user's; None where its picture was damaged."""
    try:
        flow = joined_flow(row.logic_flow, row.parameters)
        result = None if row.backtest_example is None else result_from(row.backtest_example)
    except (FlowUnreadable, KeyError, TypeError, ValueError):
        return None
    item = GalleryItem(row.id, "", row.name, row.description, str(row.category), flow, "", result)
    return _with_row(item, row)


def _with_row(item: GalleryItem, row: StrategyTemplateRecord | None) -> GalleryItem:
    if row is None:
        return item
    return replace(item, id=row.id, usage=row.usage_count, rating=row.rating_average, ratings=row.rating_count)
