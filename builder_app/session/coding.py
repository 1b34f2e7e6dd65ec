"""Code follows the picture: problems, text and checks of the newest flow, made off the owner's thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.background import Latest
from builder_app.session.desk import Desk
from builder_app.session.document import Document
from builder_app.session.generating import Generated, generate, with_lint
from builder_app.session.sealing import problems_of_secrets


@dataclass(frozen=True, slots=True)
class _ToGenerate:
    """What to make code of, and by which blocks."""

    flow: LogicFlow
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class _ToLint:
    """What to lint."""

    generated: Generated


class Coding:
    """Generates after every edit, of overtaken pictures none; `coded` is called when a document has its newest code."""

    def __init__(self, desk: Desk, coded: Callable[[Document], None]) -> None:
        self._desk, self._coded = desk, coded
        self._generating = Latest("code-generation", self._generate, self._generated)
        self._linting = Latest("code-lint", self._lint, self._linted)

    def ask(self, document: Document) -> None:
        """The picture is a new one, or the blocks are others: make its code."""
        self._generating.ask(document.id, _ToGenerate(document.flow, self._desk.catalogue))

    def forget(self, document: Document) -> None:
        """The document is closed."""
        self._generating.forget(document.id)
        self._linting.forget(document.id)

    def close(self) -> None:
        """End the threads after what they are working at."""
        self._generating.close()
        self._linting.close()

    def _generate(self, _document: str, asked: _ToGenerate) -> Generated:
        try:
            generated = generate(asked.flow, asked.catalogue)
            said = problems_of_secrets(self._desk.rooms.vault, asked.flow, asked.catalogue)
            return replace(generated, problems=(*generated.problems, *said)) if said else generated
        except Exception as reason:  # the strategist must not wait for ever for code that does not come
            return Generated((_fault(reason),))

    def _generated(self, key: str, asked: _ToGenerate, generated: Generated) -> None:
        self._desk.post(partial(self._take, key, asked, generated))

    def _take(self, key: str, asked: _ToGenerate, generated: Generated) -> None:
        document = self._desk.documents.get(key)
        if document is None or document.flow is not asked.flow or self._desk.catalogue is not asked.catalogue:
            return
        document.coded_flow = asked.flow
        document.problems, document.program, document.report = generated.problems, generated.program, generated.report
        document.generation_seconds = generated.seconds
        if generated.program is not None:
            self._linting.ask(key, _ToLint(generated))
        self._desk.tell(events.ProblemsFound(key, generated.problems))
        self._desk.tell(events.ProgramGenerated(key, generated.program, generated.report))
        self._coded(document)

    def _lint(self, _document: str, question: _ToLint) -> Generated:
        return with_lint(question.generated)

    def _linted(self, key: str, question: _ToLint, generated: Generated) -> None:
        def take() -> None:
            document = self._desk.documents.get(key)
            if document is not None and document.is_coded and document.program is question.generated.program:
                document.report = generated.report
                self._desk.tell(events.ProgramGenerated(key, document.program, generated.report))

        self._desk.post(take)


def _fault(reason: Exception) -> Problem:
    message = f"The code could not be made, by a fault of this program: {type(reason).__name__}: {reason}."
    return Problem(Severity.ERROR, "fault", message, hint="Undo the last step, and please report it.")
