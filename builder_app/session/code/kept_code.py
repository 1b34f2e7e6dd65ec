"""Generated texts as rows of the store: made when a test or an export is kept, renewed when more is known of them."""

import dataclasses
import json
from contextlib import suppress
from dataclasses import dataclass

from builder_app.codegen.program import GENERATOR_VERSION, CheckReport, Program
from builder_app.flow.values import LogicFlow
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.secrecy.sealing import Seal, of_strategy
from builder_app.store import Store
from builder_app.store.errors import StoreUnavailable
from builder_app.store.run_records import NewGeneration
from builder_app.store.secrets import Vault
from builder_app.store.vocabulary import ValidationStatus


@dataclass(frozen=True, slots=True, eq=False)
class MadeCode:
    """A text, the picture that it was made of, what is known of it, and how many seconds it took to make and check."""

    flow: LogicFlow
    program: Program
    report: CheckReport
    seconds: float | None = None


def keep_code(store: Store, vault: Vault, instance: str, made: MadeCode) -> None:
    """Keep a text with its checks, and its picture with sensitive values sealed for the strategy.

    The same text for the same strategy and target is kept once: what is known of it is brought up to date.
    """
    program, report = made.program, made.report
    logic_flow, parameters = split_flow(Seal(vault, of_strategy(instance)).flow(made.flow))
    row = NewGeneration(
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
        generation_time=made.seconds,
    )
    store.generations.record(row)


def update_kept(store: Store, vault: Vault, instance: str, made: MadeCode) -> None:
    """Write down what is known now of a text that is kept already, or that failed: failures are kept apart.

    Of texts that hold only those are kept that were tested or exported; others are left alone.
    Called off the owner's thread.
    """
    program, report = made.program, made.report
    with suppress(StoreUnavailable):  # closed meanwhile: what is known is found out again when the strategy is opened
        found = store.generations.find(instance, program.target, program.sha256)
        if found is not None and report.is_valid:  # what a test failed with stays, until one of the text ends well
            failed = (found.validation_result or {}).get("runtime_error")
            report = dataclasses.replace(report, runtime_error=str(failed or ""))
        if found is not None or not report.is_valid:
            keep_code(store, vault, instance, dataclasses.replace(made, report=report))
