"""The checks of a text for another engine: the strategy by the allow-list, the adapter by its known text."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

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
        parts = _parts_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return check_program(source)  # it says where Python cannot read it
    report = check_program(_text(parts.strategy))
    found = () if report.security_warnings else _adapter_findings(TARGETS[target], parts)
    used = {name.partition(".")[0] for line in parts.imports for name in line.split()[1:2]}
    return replace(
        report,
        security_warnings=(*report.security_warnings, *found),
        imports_used=tuple(sorted({*report.imports_used, *used})),
        complexity_score=max(report.complexity_score, check_program(source).complexity_score),
        line_count=source.count("\n") + (not source.endswith("\n")),
    )


def strategy_of(source: str, target: str) -> str:
    """The strategy in a text of this target, which runs without the engine; each line stands where it stands there.

    Raises SyntaxError or ValueError where Python cannot read the text.
    """
    return source if target not in TARGETS else _text(_parts_of(source).strategy)


def never_read(source: str, target: str, rules: Mapping[str, Any]) -> tuple[str, ...]:
    """What RULES asks for by a name that the adapter behind the strategy never says, as sentences.

    `rules` is RULES as data. The standalone text has no adapter: its engine refuses rules that it does not know.
    """
    if target not in TARGETS:
        return ()
    said = {word for statement in _parts_of(source).adapter for word in _said(statement)}
    asked = [(leg["name"], name) for leg in rules["legs"] for name in _asked(leg)]
    asked += [("Portfolio", name) for name, value in rules.get("portfolio", {}).items() if value is not None]
    title = TARGETS[target].title
    return tuple(
        f"'{owner}', {name.replace('_', ' ')}: what stands behind the strategy for {title} never reads it."
        for owner, name in asked
        if name not in said
    )


def _said(part: ast.AST) -> Iterator[object]:
    """The words in a part of an adapter; those of the test set-up, which has a limit of its own, are none of them."""
    match part:
        case ast.Assign([ast.Name("SETTINGS" | "CANNOT_SAY")]) | ast.Subscript(ast.Name("settings")):
            return
        case ast.Constant(word):
            yield word
    for inside in ast.iter_child_nodes(part):
        yield from _said(inside)


def _asked(leg: Mapping[str, Any]) -> list[str]:
    """The names under which a leg asks for anything, and the kinds of its exits."""
    names = [name for name, value in leg.items() if name != "name" and value is not None and value != []]
    return [*names, *(rule["kind"] for rule in leg["exits"])]


@dataclass(frozen=True, slots=True)
class _Parts:
    """A text taken apart: the strategy's lines, those behind it, and the imports that are not the strategy's own."""

    strategy: list[str]
    behind: list[str]
    imports: set[str]
    adapter: list[ast.stmt]


def _parts_of(source: str) -> _Parts:
    tree, lines = parsed(source), source.split("\n")
    end = _end_of_strategy(tree)
    strategy, imports = _without_imports(tree, lines[:end])
    return _Parts(strategy, lines[end:], imports, [node for node in tree.body if node.lineno > end])


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


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


def _adapter_findings(target: Target, parts: _Parts) -> tuple[Finding, ...]:
    uses = uses_of([(line, ()) for line in parts.strategy])
    text = "\n".join(line for line in parts.behind if not line.startswith("# ")).strip("\n")
    if text == adapter_of(target, uses).strip("\n") and parts.imports <= adapter_imports(target, uses):
        return ()
    message = f"What stands behind the strategy is not the known adapter for {target.title}."
    return (Finding(len(parts.strategy) + 1, message, "adapter"),)
