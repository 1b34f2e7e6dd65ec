"""The engine that a strategy is written for: chosen per strategy, written after every edit, kept when exported."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from builder_app.codegen.program import GENERATOR_VERSION, Program
from builder_app.codegen.targets.all_targets import STANDALONE as STANDALONE
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.capability import RULES, Scope
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.background import Latest
from builder_app.session.code.generating import Generated, generate, with_lint
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.runs.config_codec import config_to_json
from builder_app.store import Store
from builder_app.store.run_records import NewGeneration
from builder_app.store.vocabulary import ValidationStatus

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


@dataclass(frozen=True, slots=True)
class _ToWrite:
    """What to write, for which engine, and by which blocks."""

    flow: LogicFlow
    catalogue: Catalogue
    target: str


class Targeting:
    """Follows each newly coded picture with its text for the chosen engine, off the owner's thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writing = Latest("target-code", self._write, self._written)
        desk.subscribe(self._follow)

    def choose(self, document: Document, target: str) -> None:
        """Write the strategy for this engine from now on; TargetWritten brings its text, or what it refuses."""
        if target == document.target:
            return
        document.target, document.target_code = target, None
        self._desk.tell(events.TargetChosen(document.id, target))
        self._ask(document)

    def close(self) -> None:
        """End the thread after what it is working at."""
        self._writing.close()

    def _follow(self, event: events.Event) -> None:
        match event:
            case events.ProgramGenerated():
                document = self._desk.documents.get(event.document)
                if document is not None:
                    self._ask(document)
            case events.DocumentClosed():
                self._writing.forget(event.document)
            case _:
                return

    def _ask(self, document: Document) -> None:
        if document.target != STANDALONE and document.is_coded and document.program is not None:
            question = _ToWrite(document.flow, self._desk.catalogue, document.target)
            self._writing.ask(document.id, question)

    def _write(self, _document: str, asked: _ToWrite) -> Generated:
        try:
            return with_lint(generate(asked.flow, asked.catalogue, asked.target))
        except Exception as reason:  # the strategist must not wait for ever for code that does not come
            message = f"The code could not be made, by a fault of this program: {type(reason).__name__}: {reason}."
            return Generated((Problem(Severity.ERROR, "fault", message, hint="Choose another target."),))

    def _written(self, key: str, asked: _ToWrite, generated: Generated) -> None:
        self._desk.post(partial(self._take, key, asked, generated))

    def _take(self, key: str, asked: _ToWrite, generated: Generated) -> None:
        document = self._desk.documents.get(key)
        if document is None or document.flow is not asked.flow or document.target != asked.target:
            return
        document.target_code = generated
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


def keep_written(store: Store, instance: str, flow: LogicFlow, generated: Generated) -> None:
    """Keep a text with its checks; the same text for the same strategy and target is kept once."""
    program, report = generated.program, generated.report
    if not isinstance(program, Program) or report is None:
        return
    logic_flow, parameters = split_flow(flow)
    store.generations.record(
        NewGeneration(
            instance,
            target=program.target,
            generated_code=program.source,
            code_hash=program.sha256,
            validation_status=ValidationStatus(report.status.value),
            logic_flow=logic_flow,
            parameters=parameters,
            validation_result=json.loads(json.dumps(dataclasses.asdict(report))),
            syntax_check_passed=not report.syntax_errors,
            security_check_passed=not (report.security_warnings or report.forbidden_imports),
            code_version=GENERATOR_VERSION,
            line_count=report.line_count,
            complexity_score=report.complexity_score,
            generation_time=generated.seconds,
        )
    )
