"""The text for another engine: the same strategy, then an adapter that holds only what this strategy needs."""

import ast
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from builder_app.codegen.plan import Draft, Refused
from builder_app.codegen.syntax import parsed
from builder_app.codegen.targets import standalone
from builder_app.codegen.targets.capability import RULES, Rule, Scope, Target, Verdict
from builder_app.codegen.targets.uses import Line, Uses, features_of, uses_of
from builder_app.flow.problems import Problem, Severity

ADAPTERS: Final = Path(__file__).parent / "adapters"
_HEADER_WIDTH: Final = 88


def emit(target: Target, draft: Draft) -> tuple[Line, ...]:
    """The whole file. Raises Refused, naming every block, where the target cannot say what the flow says."""
    strategy = standalone.strategy_part(draft)
    uses = uses_of(strategy)
    refusals = tuple(_refusal(target, draft, rule, nodes) for rule, nodes in uses.items() if target.refuses(rule))
    if refusals:
        raise Refused(*refusals)
    return assembled(target, strategy, uses)


def assembled(target: Target, strategy: Sequence[Line], uses: Uses) -> tuple[Line, ...]:
    """Strategy and adapter as one file: the header says what differs, imports stand together at the top."""
    end = next(place for place, (line, _) in enumerate(strategy) if place and line == '"""')
    body = next(place for place in range(end + 1, len(strategy)) if _is_code(strategy[place][0]))
    own = {line for line, _ in strategy[end:body] if line.startswith("import ")}
    imports, adapter = _adapter(target, features_of(uses))
    top = [*strategy[:end], *_plain(header(target, uses)), strategy[end], ("", ())]
    return (
        *top,
        *_plain(_sorted(own | imports)),
        ("", ()),
        *strategy[body:],
        ("", ()),
        ("", ()),
        *_plain(adapter),
    )


def adapter_of(target: Target, uses: Uses) -> str:
    """The fixed text behind the strategy: which of its pieces stand there is all that the flow decides."""
    return "".join(f"{line}\n" for line in _adapter(target, features_of(uses))[1])


def adapter_imports(target: Target, uses: Uses) -> frozenset[str]:
    """The import lines that the adapter brings."""
    return frozenset(_adapter(target, features_of(uses))[0])


def header(target: Target, uses: Uses) -> list[str]:
    """What the file's first lines say of the target: where it differs from the quick test."""
    different = [rule for rule in RULES if concerns(rule, uses) and target.says[rule].verdict is Verdict.DIFFERS]
    refused = [rule for rule in RULES if concerns(rule, uses) and target.refuses(rule)]
    lines = ["", f"For {target.title} ({', '.join(target.requirements)})."]
    if different:
        lines += ["Where it differs from the quick test:"]
        lines += [line for rule in different for line in _wrapped(f"{RULES[rule].title}: {target.says[rule].because}.")]
    if refused:
        lines += _wrapped(f"Not run with: {', '.join(RULES[rule].title.lower() for rule in refused)}.", "")
    return lines


def concerns(name: str, uses: Uses) -> bool:
    """Whether the rule matters for a flow that uses these; the set-up's rules may always."""
    rule: Rule = RULES[name]
    if rule.scope is Scope.FLOW:
        return name in uses
    return not rule.only_with or any(other in uses for other in rule.only_with)


def _refusal(target: Target, draft: Draft, rule: str, nodes: tuple[str, ...]) -> Problem:
    node = nodes[0] if nodes else ""
    where = "".join(f"The block '{draft.title(node)}': " if node else "" for node in nodes[:1])
    others = f" (also: {', '.join(draft.title(other) for other in nodes[1:])})" if len(nodes) > 1 else ""
    reason = target.says[rule].because
    message = f"{where}{target.title} cannot say “{RULES[rule].title}”: {reason}{others}."
    hint = "Choose another target, or leave the block out."
    return Problem(Severity.ERROR, "target-cannot-say", message, node=node or None, hint=hint)


def _adapter(target: Target, features: frozenset[str]) -> tuple[set[str], list[str]]:
    """The imports of the target's pieces that are used, and their code."""
    imports: set[str] = set()
    code = _constants(target) if "running" in target.pieces else []
    for piece in target.pieces:
        kept = trimmed(_piece(piece), features)
        mine = {line for line in kept if line.startswith(("import ", "from "))}
        imports |= mine
        rest = _without_edges([line for line in kept if line not in mine])
        apart = rest and (rest[0].startswith(("def ", "class ")) or (code and code[-1].startswith("    ")))
        code += ["", "", *rest] if apart else rest
    return _used(imports, code), code


def _constants(target: Target) -> list[str]:
    cannot = [f'"{name}"' for name, rule in RULES.items() if rule.scope is Scope.SET_UP and target.refuses(name)]
    line = f"CANNOT_SAY = ({', '.join(cannot)}{',' if len(cannot) == 1 else ''})"
    lines = [line] if len(line) <= _HEADER_WIDTH else ["CANNOT_SAY = (", *(f"    {name}," for name in cannot), ")"]
    return [f'ENGINE = "{target.title}"', *lines, *_piece("settings").split("\n")]


def trimmed(text: str, features: frozenset[str]) -> list[str]:
    """The lines that these features need: `#: if a b` … `#: end` keeps what a or b need, `#: if not a` the others'."""
    kept: list[str] = []
    stack: list[bool] = []
    for line in text.split("\n"):
        words = line.split()
        if words[:2] == ["#:", "if"]:
            wanted = not features & set(words[3:]) if words[2] == "not" else bool(features & set(words[2:]))
            stack.append(wanted)
        elif words[:2] == ["#:", "end"]:
            stack.pop()
        elif all(stack):
            kept.append(line)
    return kept


@cache
def _piece(name: str) -> str:
    return (ADAPTERS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def _used(imports: Iterable[str], code: Iterable[str]) -> set[str]:
    """The imports whose names stand in the code, each `from` with the names that do."""
    names = {node.id for node in ast.walk(parsed("\n".join(code))) if isinstance(node, ast.Name)}
    found = set()
    for line in imports:
        node = parsed(line).body[0]
        assert isinstance(node, ast.Import | ast.ImportFrom)
        kept = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in names]
        if kept:
            node.names = kept
            found.add(ast.unparse(node))
    return found


def _sorted(imports: set[str]) -> list[str]:
    """As the linter wants them: the standard library first, then the others; plain imports before `from`."""
    standard = sorted((line for line in imports if _root(line) in sys.stdlib_module_names), key=_place)
    others = sorted((line for line in imports if _root(line) not in sys.stdlib_module_names), key=_place)
    return [*standard, *([""] if standard and others else []), *others]


def _place(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line.split()[1].lower()


def _root(line: str) -> str:
    return line.split()[1].partition(".")[0]


def _is_code(line: str) -> bool:
    return bool(line) and not line.startswith("import ")


def _plain(lines: Iterable[str]) -> list[Line]:
    return [(line, ()) for line in lines]


def _without_edges(lines: list[str]) -> list[str]:
    """Without empty lines at both ends, and never more than two between."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept != [""] and kept[-2:] != ["", ""]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _wrapped(text: str, bullet: str = "- ") -> list[str]:
    lines, line = [], bullet
    for word in text.split():
        if len(line) + len(word) > _HEADER_WIDTH:
            lines.append(line.rstrip())
            line = " " * len(bullet)
        line += f"{word} "
    return [*lines, line.rstrip()]
