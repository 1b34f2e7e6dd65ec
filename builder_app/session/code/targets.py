"""The engine that a strategy is written for: chosen per strategy, written after every edit, kept when exported."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from builder_app.codegen.targets.all_targets import STANDALONE as STANDALONE
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.capability import RULES, Scope
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.background import Latest
from builder_app.session.code.certifying import with_certificate
from builder_app.session.code.generating import Generated, generate, with_lint
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.runs.config_codec import config_to_json

NEUTRAL: Final = (0, "stop_first")
"""The values of a test set-up's entries that ask for nothing."""


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """One engine to choose: its name, its name for the eye, and a line about it."""

    name: str
    title: str
    about: str


CHOICES: Final = (
    TargetChoice(STANDALONE, "Standalone", "Python with NumPy and TA-Lib; the quick test's own engine travels with it"),
    *(
        TargetChoice(target.name, target.title, f"{', '.join(target.requirements)} · {target.licence}")
        for target in TARGETS.values()
    ),
)
"""Every target, the standalone one first."""


@dataclass(frozen=True, slots=True, eq=False)
class _ToWrite:
    """What to write, for which engine, and by which blocks."""

    flow: LogicFlow
    catalogue: Catalogue
    target: str
    rests: bool
    """Nobody is drawing: certify it too."""
    written: Generated | None = None
    """What was written of it before; None where it is asked for the first time."""

    def is_of(self, other: "_ToWrite") -> bool:
        """Whether the other one asks for the same text."""
        return self.flow is other.flow and self.catalogue is other.catalogue and self.target == other.target


class Targeting:
    """Follows each newly coded picture with its text for the chosen engine, off the owner's thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answered: dict[str, _ToWrite] = {}
        self._closing = threading.Event()
        self._writing = Latest("target-code", self._write, self._written)
        desk.subscribe(self._follow)

    def choose(self, document: Document, target: str) -> None:
        """Write the strategy for this engine from now on; TargetWritten brings its text, or what it refuses."""
        if target == document.target:
            return
        document.target, document.target_code = target, None
        self._forget(document.id)
        self._desk.tell(events.TargetChosen(document.id, target))
        self._ask(document)

    def close(self) -> None:
        """End the thread after what it is working at."""
        self._closing.set()
        self._writing.close()

    def _follow(self, event: events.Event) -> None:
        match event:
            case events.ProgramGenerated():
                document = self._desk.documents.get(event.document)
                if document is not None:
                    self._ask(document)
            case events.DocumentClosed():
                self._forget(event.document)
            case _:
                return

    def _forget(self, document: str) -> None:
        self._answered.pop(document, None)
        self._writing.forget(document)

    def _ask(self, document: Document) -> None:
        """Write it as soon as its own code is made, and certify it when that was held against the picture: it rests."""
        if document.target == STANDALONE or not document.is_coded or document.program is None:
            return
        rests = document.report is not None and bool(document.report.certificate or document.report.runtime_error)
        question = _ToWrite(document.flow, self._desk.catalogue, document.target, rests)
        answered = self._answered.get(document.id)
        if answered is not None and question.is_of(answered):
            if answered.rests >= rests:
                return
            question = replace(question, written=document.target_code)
        self._writing.ask(document.id, question)

    def _write(self, _document: str, asked: _ToWrite) -> Generated:
        rooms = self._desk.rooms
        try:
            generated = asked.written or with_lint(generate(asked.flow, asked.catalogue, asked.target))
            if asked.rests:
                worker = (rooms.runner, rooms.library)
                generated = with_certificate(generated, asked.flow, asked.catalogue, worker, self._closing.is_set)
        except Exception as reason:  # the strategist must not wait for ever for code that does not come
            message = f"The code could not be made, by a fault of this program: {type(reason).__name__}: {reason}."
            return Generated((Problem(Severity.ERROR, "fault", message, hint="Choose another target."),))
        return generated

    def _written(self, key: str, asked: _ToWrite, generated: Generated) -> None:
        self._desk.post(partial(self._take, key, asked, generated))

    def _take(self, key: str, asked: _ToWrite, generated: Generated) -> None:
        document = self._desk.documents.get(key)
        if document is None or document.flow is not asked.flow or document.target != asked.target:
            return
        document.target_code, self._answered[key] = generated, asked
        self._desk.tell(events.TargetWritten(key, asked.target, generated))


def refusals(generated: Generated) -> tuple[Problem, ...]:
    """Why there is no text for the target; empty where there is one."""
    if generated.program is not None:
        return ()
    return tuple(problem for problem in generated.problems if problem.severity is Severity.ERROR)


def refused_set_up(target: str, config: TestConfig) -> tuple[str, ...]:
    """A sentence for each entry of a test set-up that the target cannot keep."""
    known = TARGETS.get(target)
    if known is None:
        return ()
    values: Mapping[str, object] = config_to_json(config)
    return tuple(
        f"{known.title} cannot say “{rule.title}”: {known.says[name].because}. Take it out of the test set-up, or "
        "choose another target."
        for name, rule in RULES.items()
        if rule.scope is Scope.SET_UP and known.refuses(name) and values.get(name, 0) not in NEUTRAL
    )


def written_for(target: str, flow: LogicFlow, catalogue: Catalogue, config: TestConfig) -> Generated:
    """The checked text for this engine; the problems also name what it refuses of the test set-up."""
    generated = generate(flow, catalogue, target)
    sentences = refused_set_up(target, config)
    if not sentences:
        return generated
    problems = tuple(Problem(Severity.ERROR, "target-cannot-say", sentence) for sentence in sentences)
    return replace(generated, problems=(*generated.problems, *problems), program=None, report=None)
