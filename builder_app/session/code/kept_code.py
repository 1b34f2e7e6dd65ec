"""Generated texts as rows of the store: made when a test is kept, brought up to date when more is known of them."""

import dataclasses
import json
from contextlib import suppress

from builder_app.codegen.program import GENERATOR_VERSION, CheckReport, Program
from builder_app.flow.values import LogicFlow
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.secrecy.sealing import Seal, of_strategy
from builder_app.store.errors import StoreUnavailable
from builder_app.store.run_records import NewGeneration
from builder_app.store.vocabulary import ValidationStatus


def row_of(
    instance: str, sealed: LogicFlow, program: Program, report: CheckReport, seconds: float | None
) -> NewGeneration:
    """The row of a text; `sealed` is the flow that it was made of, its sensitive values sealed for the strategy."""
    logic_flow, parameters = split_flow(sealed)
    return NewGeneration(
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
        generation_time=seconds,
    )


def update_kept(desk: Desk, document: Document, flow: LogicFlow, program: Program, report: CheckReport) -> None:
    """Write down what is known now of a text that is kept already, or that failed: failures are kept apart.

    Of texts that hold only those are kept that were tested or exported; others are left alone.
    Called off the owner's thread.
    """
    instance = document.instance
    if instance is None:
        return
    store = desk.rooms.store
    with suppress(StoreUnavailable):  # closed meanwhile: what is known is found out again when the strategy is opened
        found = store.generations.find(instance, program.target, program.sha256)
        if found is not None and report.is_valid:  # what a test failed with stays, until one of the text ends well
            failed = (found.validation_result or {}).get("runtime_error")
            report = dataclasses.replace(report, runtime_error=str(failed or ""))
        if found is not None or not report.is_valid:
            sealed = Seal(desk.rooms.vault, of_strategy(instance)).flow(flow)
            store.generations.record(row_of(instance, sealed, program, report, document.generation_seconds))
