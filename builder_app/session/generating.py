"""From a picture to problems, code and the checks' report: the work that follows every edit, off the owner's thread."""

import time
from dataclasses import dataclass, replace

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import CheckReport, Finding, Program
from builder_app.codegen.targets.checking import check_text
from builder_app.flow.problems import Problem, errors
from builder_app.flow.rules import check
from builder_app.flow.secret_values import guarded
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.nodes import validate_parameters
from builder_app.quicktest.lint import lint


@dataclass(frozen=True, slots=True)
class Generated:
    """What one picture gave. `program` and `report` are None where `problems` has errors."""

    problems: tuple[Problem, ...]
    program: Program | None = None
    report: CheckReport | None = None
    seconds: float | None = None
    """How long it took to make and check the code."""


def generate(flow: LogicFlow, catalogue: Catalogue, target: str = "standalone") -> Generated:
    """Check the rules, generate the code, check the code. Lint comes later, by `with_lint`: it starts a process."""
    began = time.perf_counter()
    flow = guarded(flow, catalogue)
    problems = check(flow, catalogue, validate_parameters)
    if errors(problems):
        return Generated(problems)
    outcome = compile_flow(flow, catalogue, target, validate_parameters)
    if isinstance(outcome, tuple):
        return Generated((*problems, *(problem for problem in outcome if problem not in problems)))
    report = check_text(outcome.source, target)
    return Generated(problems, outcome, report, time.perf_counter() - began)


def with_lint(generated: Generated) -> Generated:
    """With the linter's findings in the report."""
    if generated.program is None or generated.report is None:
        return generated
    findings = tuple(Finding(line, message, code) for line, code, message in lint(generated.program.source))
    return replace(generated, report=replace(generated.report, lint_warnings=findings))
