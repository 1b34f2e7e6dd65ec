"""Answers of other threads: what was found, or why it was not, in a sentence."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from builder_app.session.answering import answered
from builder_app.store import StoreError
from builder_app.store.errors import NotAllowed
from tests.session.mailbox import Mailbox


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def heard(executor: ThreadPoolExecutor, work: Callable[[], object]) -> tuple[str, object]:
    """What came back: "done" with the answer, or "refused" with the sentence."""
    mailbox, told = Mailbox(), list[tuple[str, object]]()
    answered(
        executor, mailbox, work, lambda found: told.append(("done", found)), lambda said: told.append(("refused", said))
    )
    assert mailbox.run_until(lambda: bool(told), 10)
    return told[0]


def raising(reason: Exception) -> Callable[[], object]:
    def work() -> object:
        raise reason

    return work


def test_what_was_found_is_told_in_the_owners_thread(executor: ThreadPoolExecutor) -> None:
    assert heard(executor, lambda: 42) == ("done", 42)


@pytest.mark.parametrize("kind", [ValueError, StoreError, NotAllowed])
def test_a_refusal_is_told_in_its_own_words(executor: ThreadPoolExecutor, kind: type[Exception]) -> None:
    sentence = "The template of the program cannot be changed; make a copy."
    assert heard(executor, raising(kind(sentence))) == ("refused", sentence)


def test_what_a_disk_refuses_is_told_with_the_file_and_a_way_out(executor: ThreadPoolExecutor) -> None:
    said = heard(executor, raising(FileNotFoundError(2, "No such file or directory", "prices.csv")))
    assert said == ("refused", "There is no file or folder 'prices.csv'. Look at its name and where it lies.")


def test_a_fault_of_the_program_is_named_as_one(executor: ThreadPoolExecutor) -> None:
    said = heard(executor, raising(KeyError("period")))
    assert said == ("refused", "That could not be done, by a fault of this program (KeyError: 'period').")


def test_an_executor_that_is_shut_down_answers_nothing(executor: ThreadPoolExecutor) -> None:
    executor.shutdown()
    mailbox, told = Mailbox(), list[object]()
    answered(executor, mailbox, lambda: 42, told.append, told.append)
    mailbox.run_waiting()
    assert told == []
