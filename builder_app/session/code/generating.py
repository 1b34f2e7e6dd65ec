"""From a picture to problems, code and the checks' report: the work that follows every edit, off the owner's thread."""

import time
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.compile import compile_checked
from builder_app.codegen.program import CheckReport, Finding, Program
from builder_app.codegen.targets.checking import check_text
from builder_app.flow.problems import Problem, errors
from builder_app.flow.rules import check
from builder_app.flow.secret_values import guarded
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Group, LogicFlow, Secret
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


@dataclass(frozen=True, slots=True)
class _Latest:
    """The picture that a target's code was made of last."""

    flow: LogicFlow
    catalogue: Catalogue
    generated: Generated


_latest: Final[dict[str, _Latest]] = {}


def generate(flow: LogicFlow, catalogue: Catalogue, target: str = "standalone") -> Generated:
    """Check the rules, generate the code, check the code. Lint comes later, by `with_lint`: it starts a process.

    The same picture over the same blocks, asked for again, is not worked out again. It must be the same object:
    pictures whose parameters are 1 and 1.0 are equal, and their code is not.
    """
    latest = _latest.get(target)
    if latest is not None and latest.catalogue is catalogue and latest.flow is flow:
        return latest.generated
    generated = _generated(flow, catalogue, target)
    if not _holds_secrets(flow):  # those stay in memory no longer than their strategy is open
        _latest[target] = _Latest(flow, catalogue, generated)
    return generated


def _holds_secrets(flow: LogicFlow) -> bool:
    values = [value for node in flow.nodes.values() for value in node.parameters.values()]
    values += [parameter.value for parameter in flow.parameters.values()]
    return any(isinstance(value, Secret) for value in values) or any(map(_in_group, flow.groups.values()))


def _in_group(group: Group) -> bool:
    return _holds_secrets(group.body)


def _generated(flow: LogicFlow, catalogue: Catalogue, target: str) -> Generated:
    began = time.perf_counter()
    flow = guarded(flow, catalogue)
    problems = check(flow, catalogue, validate_parameters)
    if errors(problems):
        return Generated(problems)
    outcome = compile_checked(flow, catalogue, target)
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
