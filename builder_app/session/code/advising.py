"""What is found of a text after it was made, kept with it: its certificate, its advice, and what failed."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from builder_app.codegen.advice import ADVICE
from builder_app.codegen.program import CheckReport, GivenAdvice
from builder_app.flow.problems import Problem
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.background import survive
from builder_app.session.code.kept_code import MadeCode, update_kept
from builder_app.session.drafts.document import Document

if TYPE_CHECKING:
    from builder_app.session.session import Session


def given(advice: Problem) -> GivenAdvice:
    """A piece of advice as it is kept."""
    return GivenAdvice(advice.rule, advice.node or "", advice.message)


def taken(report: CheckReport, advice: GivenAdvice) -> CheckReport:
    """The report with this piece of advice marked as taken."""
    return replace(report, advice=tuple(replace(one, taken=True) if one == advice else one for one in report.advice))


class Advising:
    """Listens for the edits that advice came with, and for certificates of texts that are kept already."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        session.subscribe(self._follow)

    def _follow(self, event: events.Event) -> None:
        document = self._session.documents.get(getattr(event, "document", ""))
        if document is None:
            return
        if isinstance(event, events.FlowChanged):
            self._note_taken(document, event.before)
        elif isinstance(event, events.ProgramGenerated | events.RunFinished):
            report = document.report
            told = report is not None and (report.certificate or report.advice or not report.is_valid)
            if document.is_coded and report is not None and told:
                self._write(document, document.flow, report)

    def _note_taken(self, document: Document, before: LogicFlow) -> None:
        step, report = document.history.next_undo, document.report
        if step is None or report is None or document.history.next_redo is not None:
            return
        for advice in document.problems:
            if advice.rule.startswith(ADVICE) and advice.fix == step.edit:
                document.report = report = taken(report, given(advice))
                self._write(document, before, report)

    def _write(self, document: Document, flow: LogicFlow, report: CheckReport) -> None:
        program = document.program
        if program is not None and document.instance is not None:
            rooms, made = self._session.rooms, MadeCode(flow, program, report, document.generation_seconds)
            write = partial(update_kept, rooms.store, rooms.vault, document.instance, made)
            with suppress(RuntimeError):  # the session has ended meanwhile: what was given is given no more
                self._session.slow_writes.submit(survive, write)
