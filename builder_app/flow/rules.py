"""What must hold of a flow before it becomes code, all at once: `check` runs every rule and gives every problem."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from builder_app.flow.block_versions import newer_versions
from builder_app.flow.connecting import connection_refusal
from builder_app.flow.drawing import Rule, ValidateParameters, drawing_of
from builder_app.flow.edits import Batch, Disconnect, Edit
from builder_app.flow.group_expansion import is_grouped
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.problems import Problem
from builder_app.flow.rules_blocks import (
    looks_ahead,
    strategy_parameter_out_of_its_bounds,
    unknown_strategy_parameter,
    unknown_template,
    wrong_parameter,
)
from builder_app.flow.rules_exits import parts_over_whole, risk_without_stop, target_beyond_zero
from builder_app.flow.rules_formulas import faulty_formula
from builder_app.flow.rules_groups import at_its_level, group_problems
from builder_app.flow.rules_strategy import no_entry, no_exit, no_position, stop_beyond_entry, too_large, unused
from builder_app.flow.rules_wires import circle, missing_input, missing_port, taken_input, type_mismatch
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow

__all__ = ["RULES", "ValidateParameters", "check", "connection_refusal"]

RULES: Final[tuple[Rule, ...]] = (
    unknown_template,
    missing_port,
    type_mismatch,
    taken_input,
    circle,
    missing_input,
    unknown_strategy_parameter,
    faulty_formula,
    wrong_parameter,
    looks_ahead,
    strategy_parameter_out_of_its_bounds,
    no_entry,
    no_exit,
    no_position,
    too_large,
    stop_beyond_entry,
    risk_without_stop,
    target_beyond_zero,
    parts_over_whole,
    unused,
)

EXPLAINING: Final = frozenset({"looks-ahead", "size-over-100-percent", "stop-beyond-entry"})


def check(flow: LogicFlow, catalogue: Catalogue, validate_parameters: ValidateParameters) -> tuple[Problem, ...]:
    """Every problem of the flow, in the order of RULES, then by block. Muted blocks are looked at as bypassed.

    Where a rule knows better what a wrong parameter means (a look-ahead, a stop beyond the entry), it alone speaks.
    """
    known = catalogue_with_groups(flow, catalogue)
    wrong_groups = tuple(group_problems(flow, known)) if is_grouped(flow, known) or flow.groups else ()
    drawing = drawing_of(flow, catalogue, validate_parameters)
    found = [problem for rule in RULES for problem in rule(drawing)]
    if drawing.drawn is not flow:  # groups were opened: what mends a block inside one is an edit of that group
        found = [at_its_level(problem, flow) for problem in found]
    explained = {(it.node, it.parameter) for it in found if it.parameter is not None and it.rule in EXPLAINING}
    told = tuple(
        problem
        for problem in found
        if problem.rule != "wrong-parameter" or (problem.node, problem.parameter) not in explained
    )
    told = (*wrong_groups, *told, *newer_versions(flow, known))
    if drawing.flow is drawing.drawn:  # nothing is muted, so every wire is drawn
        return told
    wires = frozenset(flow.edges)
    return tuple(_with_usable_fix(problem, wires) for problem in told)


def _with_usable_fix(problem: Problem, wires: frozenset[Edge]) -> Problem:
    """Without its fix, where that would take out a wire which is not drawn but leads through a muted block."""
    if problem.fix is None or all(edge in wires for edge in _taken_out(problem.fix)):
        return problem
    return replace(problem, fix=None, fix_title="")


def _taken_out(fix: Edit) -> Iterable[Edge]:
    parts = fix.edits if isinstance(fix, Batch) else (fix,)
    return (part.edge for part in parts if isinstance(part, Disconnect))
