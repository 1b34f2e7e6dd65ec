"""The checks of a text for another engine: the strategy by the allow-list, the adapter by its known text."""

import ast
from dataclasses import replace
from typing import Final

from builder_app.codegen.checks import check_program
from builder_app.codegen.program import CheckReport, Finding
from builder_app.codegen.syntax import parsed
from builder_app.codegen.targets.all_targets import STANDALONE, TARGETS
from builder_app.codegen.targets.assembly import adapter_imports, adapter_of
from builder_app.codegen.targets.capability import Target
from builder_app.codegen.targets.uses import uses_of

_STRATEGY_IMPORTS: Final = frozenset({"import numpy as np", "import talib as ta"})


def check_text(source: str, target: str) -> CheckReport:
    """The report on a text of this target. Nothing of the flow stands in an adapter: it is known to the letter."""
    if target == STANDALONE or target not in TARGETS:
        return check_program(source)
    try:
        tree = parsed(source)
        lines = source.split("\n")
        end = _end_of_strategy(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return check_program(source)  # it says where Python cannot read it
    strategy, imports = _without_imports(tree, lines[:end])
    report = check_program("\n".join(strategy) + "\n")
    found = () if report.security_warnings else _adapter_findings(TARGETS[target], strategy, (lines[end:], imports))
    used = {name.partition(".")[0] for line in imports for name in line.split()[1:2]}
    return replace(
        report,
        security_warnings=(*report.security_warnings, *found),
        imports_used=tuple(sorted({*report.imports_used, *used})),
        complexity_score=max(report.complexity_score, check_program(source).complexity_score),
        line_count=source.count("\n") + (not source.endswith("\n")),
    )


def _end_of_strategy(tree: ast.Module) -> int:
    """The line, counted from 0, behind the last statement of the strategy."""
    steps = ("signals", "measures", "across")
    ends = [
        node.end_lineno or 0 for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith(steps)
    ]
    return max(ends, default=0)


def _without_imports(tree: ast.Module, lines: list[str]) -> tuple[list[str], set[str]]:
    """The strategy's lines with those imports made empty that are not its own, and these imports."""
    kept, foreign = list(lines), set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno <= len(lines):
            text = ast.unparse(node)
            if text not in _STRATEGY_IMPORTS:
                foreign.add(text)
                for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                    kept[number] = ""
    return kept, foreign


def _adapter_findings(target: Target, strategy: list[str], rest: tuple[list[str], set[str]]) -> tuple[Finding, ...]:
    behind, imports = rest
    uses = uses_of([(line, ()) for line in strategy])
    text = "\n".join(line for line in behind if not line.startswith("# ")).strip("\n")
    if text == adapter_of(target, uses).strip("\n") and imports <= adapter_imports(target, uses):
        return ()
    message = f"What stands behind the strategy is not the known adapter for {target.title}."
    return (Finding(len(strategy) + 1, message, "adapter"),)
