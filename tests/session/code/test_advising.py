"""Advice in a real session: given when the picture rests, taken by one edit, and that is remembered in the store."""

from builder_app.codegen.advice import ADVICE
from builder_app.flow.problems import Problem
from builder_app.session.drafts.document import Document
from tests.codegen.flows import flow, node
from tests.session.strategist import Strategist

PICTURE = flow(
    "Advised",
    [
        node("prices", "prices"),
        node("one", "sma", "Average", period=9),
        node("two", "sma", "Again", period=9),
        node("up", "crosses_above"),
        node("down", "crosses_below"),
        node("buy", "enter_long"),
        node("sell", "exit_long"),
        node("size", "percent_of_equity", percent=20.0),
    ],
    [
        "prices.close > up.a",
        "one.value > up.b",
        "prices.close > down.a",
        "two.value > down.b",
        "up.result > buy.condition",
        "down.result > sell.condition",
        "buy.signal > size.signal",
        "sell.signal > size.signal",
    ],
)


def _advice(document: Document) -> list[Problem]:
    return [problem for problem in document.problems if problem.rule.startswith(ADVICE)]


def test_advice_comes_when_the_picture_rests_and_that_it_was_taken_is_kept_with_its_text(work: Strategist) -> None:
    document = work.session.new_document(PICTURE)
    work.until(lambda: bool(_advice(document)))
    (advice,) = _advice(document)
    assert advice.message == "'Again' works out the same as 'Average'."
    work.result_of(document)
    program = document.program
    assert program is not None
    assert document.instance is not None
    generations = work.store.generations

    def kept() -> list[bool]:
        assert document.instance is not None
        assert program is not None
        found = generations.find(document.instance, program.target, program.sha256)
        return [one["taken"] for one in (found.validation_result or {}).get("advice", ())] if found else []

    work.until(lambda: kept() == [False])
    assert advice.fix is not None
    work.session.edit(document, advice.fix)
    work.until(lambda: kept() == [True])
    work.until(lambda: document.is_coded)
    assert "two" not in document.flow.nodes
    assert not _advice(document)
