"""Code follows the picture: problems, text and checks of the newest flow, made off the owner's thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from builder_app.codegen.program import CheckReport, Program, ValidationStatus
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.background import Latest
from builder_app.session.code.advising import given
from builder_app.session.code.certifying import ToCertify, advised, certified
from builder_app.session.code.generating import Generated, generate, with_lint
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.secrecy.sealing import problems_of_secrets

SECONDS_OF_REST: Final = 0.4
SECONDS_BEFORE_LINT: Final = 0.1
"""A linter that starts while a live test is under way would take processor time from it."""


@dataclass(frozen=True, slots=True)
class _ToGenerate:
    """What to make code of, and by which blocks."""

    flow: LogicFlow
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class _ToLint:
    """What to lint, and what it was made of."""

    generated: Generated
    asked: _ToGenerate


@dataclass(frozen=True, slots=True)
class _ToCertify:
    """What to hold against its picture."""

    certify: ToCertify
    report: CheckReport


@dataclass(frozen=True, slots=True)
class _Certified:
    """The report with its certificate, and advice with the edits that take it."""

    report: CheckReport
    advice: tuple[Problem, ...] = ()


class Coding:
    """Generates after every edit, of overtaken pictures none.

    `made` is called in the thread that generates, as soon as there is code; `coded` in the owner's, when its document
    has it.
    """

    def __init__(
        self, desk: Desk, made: Callable[[str, LogicFlow, Generated], None], coded: Callable[[Document], None]
    ) -> None:
        self._desk, self._made, self._coded = desk, made, coded
        self._generating = Latest("code-generation", self._generate, self._generated)
        self._linting = Latest("code-lint", self._lint, self._linted)
        self._certifying = Latest("code-certifying", self._certify, self._certified)
        self._closing = threading.Event()

    def ask(self, document: Document) -> None:
        """The picture is a new one, or the blocks are others: make its code."""
        self._generating.ask(document.id, _ToGenerate(document.flow, self._desk.catalogue))

    def forget(self, document: Document) -> None:
        """The document is closed."""
        self._generating.forget(document.id)
        self._linting.forget(document.id)
        self._certifying.forget(document.id)

    def close(self) -> None:
        """End the threads after what they are working at."""
        self._closing.set()
        self._generating.close()
        self._linting.close()
        self._certifying.close()

    def _generate(self, _document: str, asked: _ToGenerate) -> Generated:
        try:
            generated = generate(asked.flow, asked.catalogue)
            said = problems_of_secrets(self._desk.rooms.vault, asked.flow, asked.catalogue)
            return replace(generated, problems=(*generated.problems, *said)) if said else generated
        except Exception as reason:  # the strategist must not wait for ever for code that does not come
            return Generated((_fault(reason),))

    def _generated(self, key: str, asked: _ToGenerate, generated: Generated) -> None:
        self._made(key, asked.flow, generated)
        self._desk.post(partial(self._take, key, asked, generated))

    def _take(self, key: str, asked: _ToGenerate, generated: Generated) -> None:
        document = self._desk.documents.get(key)
        if document is None or document.flow is not asked.flow or self._desk.catalogue is not asked.catalogue:
            return
        document.coded_flow = asked.flow
        document.problems, document.program, document.report = generated.problems, generated.program, generated.report
        document.generation_seconds = generated.seconds
        if generated.program is not None:
            self._linting.ask(key, _ToLint(generated, asked))
        self._desk.tell(events.ProblemsFound(key, generated.problems))
        self._desk.tell(events.ProgramGenerated(key, generated.program, generated.report))
        self._coded(document)

    def _lint(self, document: str, question: _ToLint) -> Generated | None:
        """Only of a picture that rests, too."""
        if self._closing.wait(SECONDS_BEFORE_LINT) or not self._is_newest(document, question.generated.program):
            return None
        return with_lint(question.generated)

    def _linted(self, key: str, question: _ToLint, generated: Generated | None) -> None:
        def take() -> None:
            document = self._desk.documents.get(key)
            if document is not None and generated is not None and self._is_newest(key, generated.program):
                document.report = report = generated.report
                self._desk.tell(events.ProgramGenerated(key, document.program, report))
                if document.program is not None and report is not None and report.status is ValidationStatus.VALID:
                    asked = ToCertify(document.program, question.asked.flow, question.asked.catalogue)
                    self._certifying.ask(key, _ToCertify(asked, report))

        self._desk.post(take)

    def _certify(self, document: str, question: _ToCertify) -> _Certified | None:
        """Only of a picture that rests: the interpreter takes its time, and would be in the way of who is drawing."""
        if self._closing.wait(SECONDS_OF_REST) or not self._is_newest(document, question.certify.program):
            return None
        rooms, asked, report = self._desk.rooms, question.certify, question.report
        try:
            report = certified(asked, report, (rooms.runner, rooms.library), self._closing.is_set)
            advice = advised(asked, rooms.library)
        except Exception as reason:  # what could not be compared must be told apart from what holds
            return _Certified(replace(report, certificate=f"It could not be compared with its picture: {reason}"))
        return _Certified(replace(report, advice=tuple(map(given, advice))), advice)

    def _certified(self, key: str, question: _ToCertify, found: _Certified | None) -> None:
        def take() -> None:
            document = self._desk.documents.get(key)
            if document is not None and found is not None and self._is_newest(key, question.certify.program):
                document.report = found.report
                self._desk.tell(events.ProgramGenerated(key, document.program, found.report))
                if found.advice:
                    document.problems = (*document.problems, *found.advice)
                    self._desk.tell(events.ProblemsFound(key, document.problems))

        self._desk.post(take)

    def _is_newest(self, key: str, program: Program | None) -> bool:
        document = self._desk.documents.get(key)
        return document is not None and document.is_coded and document.program is program


def _fault(reason: Exception) -> Problem:
    message = f"The code could not be made, by a fault of this program: {type(reason).__name__}: {reason}."
    return Problem(Severity.ERROR, "fault", message, hint="Undo the last step, and please report it.")
