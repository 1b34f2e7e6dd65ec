"""Ready-made strategies: the system's, and what their users think of them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Float, Insert, Select, and_, case, cast, exists, func, literal, select, true

from builder_app.store import clock
from builder_app.store.errors import RefusedValue
from builder_app.store.isolation import add, change, tally
from builder_app.store.list_records import StrategyTemplateWish
from builder_app.store.models import StrategyTemplate, StrategyTemplateOpinion
from builder_app.store.models.base import new_id
from builder_app.store.records import NewStrategyTemplate, Page, PageKey, StrategyTemplateRecord
from builder_app.store.repositories.base import (
    Order,
    Part,
    Repository,
    as_record,
    columns,
    fetch,
    has_text,
    not_there,
    read_page,
)
from builder_app.store.repositories.templates import count_use, row_of, seed_templates
from builder_app.store.vocabulary import TemplateOrder

STARS: Final = range(1, 6)
_ORDERS: Final = {
    TemplateOrder.USAGE: Order(StrategyTemplate.usage_count, StrategyTemplate.id),
    TemplateOrder.RATING: Order(StrategyTemplate.rating_average, StrategyTemplate.id),
    TemplateOrder.NAME: Order(StrategyTemplate.name, StrategyTemplate.id, is_descending=False),
}


class StrategyTemplates(Repository):
    """Ready-made strategies: read by everybody, written by an administrator, rated and marked by each user."""

    def get(self, id: str) -> StrategyTemplateRecord:
        """The template of this id."""
        with self._reading() as session:
            return fetch(session, StrategyTemplate, StrategyTemplateRecord, id)

    def list(
        self, wish: StrategyTemplateWish | None = None, limit: int = 50, after_key: PageKey | None = None
    ) -> Page[StrategyTemplateRecord]:
        """The templates that the user may use, the most used first unless the wish says otherwise."""
        wished = wish or StrategyTemplateWish()
        statement = self._narrowed(select(*columns(StrategyTemplate, StrategyTemplateRecord)), wished)
        with self._reading() as session:
            return read_page(session, statement, StrategyTemplateRecord, _ORDERS[wished.order], Part(limit, after_key))

    def popular(self, limit: int = 20) -> tuple[StrategyTemplateRecord, ...]:
        """The system's most used templates."""
        model = StrategyTemplate
        statement = (
            select(*columns(model, StrategyTemplateRecord))
            .where(model.is_system_template == true())
            .order_by(*_ORDERS[TemplateOrder.USAGE].terms())
            .limit(limit)
        )
        with self._reading() as session:
            return tuple(as_record(StrategyTemplateRecord, row) for row in session.execute(statement))

    def seed(self, templates: Sequence[NewStrategyTemplate]) -> int:
        """Write the system's templates, by name: new ones are added, known ones brought up to date. How many.

        Administrators only (NotAllowed).
        """
        with self._writing() as session:
            return seed_templates(session, StrategyTemplate, templates)

    def create(self, template: NewStrategyTemplate) -> StrategyTemplateRecord:
        """A template of the user's own, which others do not see."""
        id = new_id()
        with self._writing() as session:
            add(session, StrategyTemplate, [{**row_of(template), "id": id}])
            return fetch(session, StrategyTemplate, StrategyTemplateRecord, id)

    def soft_delete(self, id: str) -> None:
        """Take one of the user's own templates off the list; `restore` brings it back. Strategies stay as they are."""
        self._change(id, {"is_deleted": True, "deleted_at": clock.now()})

    def restore(self, id: str) -> None:
        """Bring a deleted template of the user's own back as it was; any other stays as it is."""
        self._change(id, {"is_deleted": False, "deleted_at": None}, include_deleted=True)

    def count_use(self, id: str, times: int = 1) -> None:
        """A strategy was begun from this template, so many times."""
        with self._writing() as session:
            count_use(session, StrategyTemplate, id, times)

    def rate(self, id: str, stars: int) -> None:
        """Give the template 1 to 5 stars; the user's earlier stars are replaced by them, not added to.

        The template's average and number of ratings move in one UPDATE. RefusedValue for other numbers of stars.
        """
        if stars not in STARS:
            raise RefusedValue(f"A template is rated with 1 to 5 stars; {stars} were given.")
        with self._writing() as session:
            if not tally(session, StrategyTemplate, StrategyTemplate.id == id, self._rated(stars)):
                raise not_there(StrategyTemplate, id)
            add(session, StrategyTemplateOpinion, [{"template_id": id, "rating": stars}], _or_replace("rating"))

    def set_favourite(self, id: str, is_favourite: bool) -> None:
        """Mark the template as one of the user's favourites, or take the mark away."""
        row = {"template_id": id, "is_favourite": is_favourite}
        with self._writing() as session:
            add(session, StrategyTemplateOpinion, [row], _or_replace("is_favourite"))

    def opinions(self) -> dict[str, tuple[bool, int | None]]:
        """By template: whether it is a favourite of the user's, and the stars that the user gave (None: none)."""
        model = StrategyTemplateOpinion
        with self._reading() as session:
            rows = session.execute(select(model.template_id, model.is_favourite, model.rating))
            return {id: (is_favourite, rating) for id, is_favourite, rating in rows}

    def _change(self, id: str, values: dict[str, Any], *, include_deleted: bool = False) -> None:
        with self._writing() as session:
            found = change(
                session, StrategyTemplate, StrategyTemplate.id == id, values, include_deleted=include_deleted
            )
            if not found:
                raise not_there(StrategyTemplate, id)

    def _rated(self, stars: int) -> dict[str, ColumnElement[Any]]:
        template, opinion = StrategyTemplate, StrategyTemplateOpinion
        mine = and_(opinion.user_id == self._principal.user_id, opinion.template_id == template.id)
        earlier = select(opinion.rating).where(mine).correlate(template).scalar_subquery()
        count = template.rating_count + case((earlier.is_(None), 1), else_=0)
        total = template.rating_average * template.rating_count + literal(stars) - func.coalesce(earlier, 0)
        average = total / cast(count, Float)
        # Rounding must not carry an average of all 5 above 5.
        kept = case((average > 5.0, 5.0), (average < 0.0, 0.0), else_=average)
        return {"rating_average": kept, "rating_count": count}

    def _narrowed(self, statement: Select[Any], wish: StrategyTemplateWish) -> Select[Any]:
        model, opinion = StrategyTemplate, StrategyTemplateOpinion
        if wish.category is not None:
            statement = statement.where(model.category == wish.category)
        if wish.system is not None:
            statement = statement.where(model.is_system_template == wish.system)
        if wish.favourite is not None:
            marked = exists(
                select(opinion.template_id).where(
                    opinion.user_id == self._principal.user_id,
                    opinion.template_id == model.id,
                    opinion.is_favourite == true(),
                )
            )
            statement = statement.where(marked if wish.favourite else ~marked)
        if wish.text:
            statement = statement.where(has_text(model.name, wish.text))
        return statement


def _or_replace(column: str) -> Any:
    def finish(statement: Insert) -> Insert:
        insert: Any = statement
        finished: Insert = insert.on_conflict_do_update(
            index_elements=["user_id", "template_id"], set_={column: insert.excluded[column]}
        )
        return finished

    return finish
