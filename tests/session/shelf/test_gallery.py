"""Strategies to begin from, in a real session on a real store."""

import pytest

from builder_app.flow.values import frozen_mapping
from builder_app.session.shelf.gallery import CATEGORY_WORDS, Gallery, GalleryItem, NewOwn
from tests.session.strategist import Strategist


class Visitor:
    """Asks a gallery and waits for its answers."""

    def __init__(self, work: Strategist) -> None:
        self.work = work
        self.refused: list[str] = []
        self.gallery = Gallery(work.session, self.refused.append)
        self.done = 0
        work.settle()

    def look(self) -> dict[str, GalleryItem]:
        found: list[tuple[GalleryItem, ...]] = []
        self.gallery.ask(found.append)
        self.work.until(lambda: bool(found))
        return {item.name: item for item in found[0]}

    def finish(self) -> None:
        self.done += 1

    def waits(self, count: int) -> None:
        self.work.until(lambda: self.done >= count or bool(self.refused))


@pytest.fixture
def visitor(work: Strategist) -> Visitor:
    return Visitor(work)


def test_the_shipped_ones_come_by_kind_with_explanation_and_result(visitor: Visitor) -> None:
    found = visitor.look()
    assert len(found) >= 15
    kinds = [item.category for item in found.values()]
    assert kinds == sorted(kinds, key=list(CATEGORY_WORDS).index)
    assert all(item.explanation and item.result is not None and not item.is_own for item in found.values())


def test_stars_and_favourites_are_the_users_own_and_stay(visitor: Visitor) -> None:
    item = visitor.look()["RSI-2"]
    visitor.gallery.rate(item, 4, visitor.finish)
    visitor.gallery.set_favourite(item, True, visitor.finish)
    visitor.waits(2)
    again = visitor.look()["RSI-2"]
    assert (again.stars, again.is_favourite, again.rating, again.ratings) == (4, True, 4.0, 1)


def test_use_opens_a_copy_and_counts(visitor: Visitor) -> None:
    item = visitor.look()["Turtle breakout"]
    document = visitor.gallery.use(item)
    assert document.flow == item.flow
    assert document.instance is None
    visitor.work.until(lambda: visitor.look()["Turtle breakout"].usage == item.usage + 1)


def test_an_own_strategy_becomes_a_template_with_its_result_and_can_be_taken_away_and_back(visitor: Visitor) -> None:
    document = visitor.work.open_example()
    visitor.work.result_of(document)
    visitor.gallery.save(document, NewOwn("My crossover", "OSCILLATION", "Mine."), visitor.finish)
    visitor.waits(1)
    own = visitor.look()["My crossover"]
    assert own.is_own
    assert (own.category, own.description, own.flow.name) == ("OSCILLATION", "Mine.", "My crossover")
    assert own.flow.nodes == frozen_mapping(document.flow.nodes)
    assert own.result is not None
    assert document.result is not None
    assert own.result.trades == len(document.result.trades)
    used = visitor.gallery.use(own)
    assert used.flow == own.flow
    visitor.gallery.delete(own, visitor.finish)
    visitor.waits(2)
    assert "My crossover" not in visitor.look()
    visitor.gallery.restore(own, visitor.finish)
    visitor.waits(3)
    assert "My crossover" in visitor.look()


def test_what_the_store_refuses_is_told_as_a_sentence(visitor: Visitor) -> None:
    visitor.gallery.rate(visitor.look()["RSI-2"], 9, visitor.finish)
    visitor.waits(1)
    assert visitor.refused == ["A template is rated with 1 to 5 stars; 9 were given."]
