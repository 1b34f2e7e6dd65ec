"""From a picture to a program: a visible row of passes."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import Reference
from builder_app.codegen.flow_hash import flow_hash
from builder_app.codegen.passes.folding import fold
from builder_app.codegen.passes.gathering import gather
from builder_app.codegen.passes.group_functions import group
from builder_app.codegen.passes.inlining import inline
from builder_app.codegen.passes.long_formulas import long_formulas
from builder_app.codegen.passes.naming import name
from builder_app.codegen.passes.narrowing import narrow
from builder_app.codegen.passes.remarks import remark_gaps
from builder_app.codegen.passes.selection import order, prune
from builder_app.codegen.passes.shared_functions import without_unused_functions
from builder_app.codegen.passes.sharing import share
from builder_app.codegen.passes.staging import other_symbols, stage
from builder_app.codegen.passes.substitution import substitute
from builder_app.codegen.passes.warm_up import count_warm_up
from builder_app.codegen.plan import Draft, Refused
from builder_app.codegen.program import Program
from builder_app.codegen.reading_back.carried_flow import flow_lines
from builder_app.codegen.recipes.own_functions import LINE, in_own_block, own_level, with_own_functions
from builder_app.codegen.targets import standalone
from builder_app.codegen.targets.all_targets import EMITTERS
from builder_app.flow import rules
from builder_app.flow.bypass import without_muted
from builder_app.flow.group_expansion import expanded, outputs_of_groups
from builder_app.flow.group_paths import PATH_JOINT
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.problems import Problem, Severity, errors
from builder_app.flow.rules import ValidateParameters
from builder_app.flow.secret_values import guarded
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import LogicFlow, ParameterValue

Pass = Callable[[Draft], Draft]

PASSES: Final[tuple[Pass, ...]] = (
    order,  # every block after those that feed it
    prune,  # only blocks that a signal uses
    substitute,  # recipes → expressions
    fold,  # simplest form; kinds and numbers checked
    gather,  # signals, sizes, stops → legs
    share,  # every call once
    count_warm_up,
    remark_gaps,
    stage,  # per symbol, across the symbols, per symbol again
    inline,  # small calls back into the line that uses them
    name,  # labels → names
    narrow,  # no line too wide
)


PASSES_OF_GROUPS: Final[tuple[Pass, ...]] = (order, substitute, fold, remark_gaps, name, narrow)
"""Through these, in this order, goes what is inside a group that becomes a function."""


def compile_flow(
    flow: LogicFlow,
    catalogue: Catalogue,
    target: str = "standalone",
    validate_parameters: ValidateParameters | None = None,
) -> Program | tuple[Problem, ...]:
    """The program that the picture says, or everything that keeps it from being one.

    `validate_parameters(template, values)` gives (parameter, sentence) pairs; without it only what functions accept
    is checked. The same flow gives the same text, whatever the places of blocks and the order of nodes and wires.
    """
    found = errors(rules.check(flow, catalogue, validate_parameters or _anything))
    return found or compile_checked(flow, catalogue, target)


def compile_checked(flow: LogicFlow, catalogue: Catalogue, target: str = "standalone") -> Program | tuple[Problem, ...]:
    """As `compile_flow`, of a flow in which the rules have just found no error."""
    if target not in EMITTERS:
        known = ", ".join(EMITTERS)
        return (Problem(Severity.ERROR, "unknown-target", f"There is no target '{target}'; it may be {known}."),)
    hash = flow_hash(flow)
    blocks = catalogue_with_groups(flow, catalogue)
    try:
        opened, blocks = with_own_functions(flow, blocks)
        formulas = long_formulas(opened, blocks)
        draft = group(Draft(opened, blocks, target, flow_hash=hash, formulas=formulas), PASSES_OF_GROUPS)
        for run in PASSES:
            draft = run(draft)
        if draft.functions:
            draft = _as_if_opened(without_unused_functions(draft), opened, blocks)
        draft = replace(draft, text=EMITTERS[target](draft))
    except Refused as refused:
        return tuple(in_own_block(problem, flow, catalogue) for problem in refused.problems)
    return _program(draft, flow)


def _as_if_opened(draft: Draft, flow: LogicFlow, catalogue: Catalogue) -> Draft:
    """With what does not depend on groups: the longest chain of look-backs, and what the rules depend on."""
    opened = Draft(without_muted(expanded(flow, catalogue), catalogue), catalogue, "")
    for run in (order, prune, substitute, fold, gather, share, count_warm_up):
        opened = run(opened)
    nodes = frozenset(opened.order)
    outputs = {Reference(*port) for port, source in outputs_of_groups(flow, catalogue).items() if source.node in nodes}
    return replace(draft, warm_up=opened.warm_up, live=nodes | outputs)


def _anything(template: NodeTemplate, values: Mapping[str, ParameterValue]) -> tuple[tuple[str, str], ...]:
    """Stands in where the caller has no schema validator at hand."""
    del template, values
    return ()


def _program(draft: Draft, flow: LogicFlow) -> Program:
    source = "".join(f"{line}\n" for line, _ in draft.text)
    carried = flow_lines(source, guarded(flow, draft.catalogue), draft.target)
    source += "".join(f"{line}\n" for line in carried)
    return Program(
        target=draft.target,
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        flow_hash=draft.flow_hash,
        lines=(*(_blocks(nodes) for _, nodes in draft.text), *(() for _ in carried)),
        imports=tuple(line.split()[1] for line, _ in draft.text if line.startswith("import ")),
        warm_up=draft.warm_up,
        variables={output: name for output, name in standalone.variables(draft).items() if LINE not in output},
        other_symbols=tuple(other_symbols(draft)),
        remarks=draft.remarks,
    )


def _blocks(nodes: tuple[str, ...]) -> tuple[str, ...]:
    """The blocks of a line; the lines of a strategist's own function belong to the block that holds them."""
    return tuple(dict.fromkeys(own_level(node, PATH_JOINT) for node in nodes if node))
