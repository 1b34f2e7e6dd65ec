"""Is this text a strategy and nothing else? Syntax, an allow-list of everything that may stand in it, complexity.

The scan denies by default: it knows the few shapes that generated code has, and every other shape is a finding. It
explains early; the wall around what runs is the sandbox of the quick test.
"""

import ast
import copy
import functools
import re
import warnings
from collections.abc import Iterator
from typing import Final

import mccabe

from builder_app.codegen.body_check import BodyCheck, constant_findings, group_findings
from builder_app.codegen.formula_check import Defined
from builder_app.codegen.passes.long_formulas import TAKEN
from builder_app.codegen.prelude import NAMES, source_of
from builder_app.codegen.program import CheckReport, Finding
from builder_app.codegen.syntax import parsed
from builder_app.codegen.targets.functions_text import head_of
from builder_app.codegen.targets.standalone import main_guard

ALLOWED_IMPORTS: Final = {"math": None, "numpy": "np", "pandas": "pd", "talib": "ta"}
LARGEST_SOURCE: Final = 2_000_000
_STEP: Final = re.compile(r"(measures|across)(_\d{1,2})?")
_CODING: Final = re.compile(r"^[ \t\f]*#.*?coding[:=]")


def check_program(source: str) -> CheckReport:
    """The report on a text. Lint is not run here: it needs a process of its own."""
    lines = source.count("\n") + (not source.endswith("\n"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parsed(source)
            complexity = _complexity(tree)
            imports, forbidden = _imports(tree)
            findings = (*_characters(source), *_module_findings(tree))
    except SyntaxError as error:
        finding = Finding(error.lineno or 0, f"Python cannot read this line: {error.msg}.", "syntax")
        return CheckReport(syntax_errors=(finding,), line_count=lines)
    except (ValueError, RecursionError, MemoryError) as error:
        finding = Finding(0, f"Python cannot read the text: {error or type(error).__name__}.", "syntax")
        return CheckReport(syntax_errors=(finding,), line_count=lines)
    return CheckReport(
        security_warnings=tuple(sorted(findings, key=lambda finding: finding.line)),
        imports_used=imports,
        forbidden_imports=forbidden,
        complexity_score=complexity,
        line_count=lines,
    )


def _complexity(tree: ast.Module) -> int:
    """McCabe's number of the most branched function."""
    visitor = mccabe.PathGraphingAstVisitor()
    visitor.preorder(tree, visitor)
    return max((int(graph.complexity()) for graph in visitor.graphs.values()), default=0)


def _imports(tree: ast.Module) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Top-level modules that are imported anywhere, and those among them that may not be."""
    guard = _main_guard(tree)
    guards = [node for node in tree.body if isinstance(node, ast.If) and ast.dump(node) == guard]
    in_guard = {id(part) for node in guards for part in ast.walk(node)}
    used: dict[str, None] = {}
    forbidden: dict[str, None] = {}
    for node in _statements(tree):
        match node:
            case ast.Import(names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module, level=level):
                modules = ["." * level + (module or "")]
            case _:
                continue
        for module in modules:
            root = module.partition(".")[0] or module
            used[root] = None
            if id(node) not in in_guard and (module not in ALLOWED_IMPORTS or isinstance(node, ast.ImportFrom)):
                forbidden[module] = None
    return tuple(sorted(used)), tuple(sorted(forbidden))


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Every statement, wherever it stands; expressions, which hold none, are not looked into."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        for block in ("cases", "finalbody", "orelse", "handlers", "body"):
            inside = getattr(node, block, ())
            waiting.extend(reversed(inside) if isinstance(inside, list) else ())


def _characters(source: str) -> list[Finding]:
    findings = []
    for number, line in enumerate(source.split("\n"), 1):
        if not line.isprintable():
            findings.append(Finding(number, "The line holds an invisible character.", "character"))
        if number <= 2 and _CODING.match(line):
            findings.append(Finding(number, "The text may not declare an encoding; it is UTF-8.", "character"))
    if len(source) > LARGEST_SOURCE:
        findings.append(Finding(0, f"The text has more than {LARGEST_SOURCE} characters.", "size"))
    return findings


def _main_guard(tree: ast.Module) -> str:
    is_staged = any(isinstance(node, ast.FunctionDef) and node.name == "across" for node in tree.body)
    return _known_guard(is_staged)


@functools.cache
def _known_guard(is_staged: bool) -> str:
    return ast.dump(parsed(main_guard(is_staged)).body[0])


@functools.cache
def _known_function(name: str) -> str:
    return ast.dump(parsed(source_of(name)).body[0])


def _module_findings(tree: ast.Module) -> list[Finding]:
    findings: list[Finding] = []
    seen: set[str] = set()
    steps: list[str] = []
    defined = Defined()
    for place, node in enumerate(tree.body):
        match node:
            case ast.Expr(ast.Constant(str())) if place == 0:
                continue
            case ast.Import():
                findings += _import_findings(node)
            case ast.Assign([ast.Name("PARAMETERS" | "RULES" as name)], ast.Dict() as value) if name not in seen:
                seen.add(name)
                findings += constant_findings(value, defined if name == "RULES" else None)
                defined = defined.with_parameters(value) if name == "PARAMETERS" else defined
            case ast.Assign([ast.Name(name)], value) if name.isupper() and seen == {"PARAMETERS"}:
                if name in TAKEN or defined.has_formula(name) or defined.number(value) is None:
                    findings.append(Finding(node.lineno, f"{name[:60]} is not a formula over PARAMETERS.", "constant"))
                defined = defined.with_formula(name, value)
            case ast.Assign([ast.Name("STEPS")], ast.Tuple(names)) if len(steps) > 1 and "STEPS" not in seen:
                seen.add("STEPS")
                findings += _steps_findings(node, names, steps)
            case ast.FunctionDef(name) if name in NAMES:
                if ast.dump(node) != _known_function(name):
                    findings.append(Finding(node.lineno, f"The function '{name}' is not the known one.", "function"))
            case ast.FunctionDef(name) if name == "signals" or _STEP.fullmatch(name):
                findings += _function_findings(node, steps, defined)
                steps.append(name)
            case ast.FunctionDef(name) if not steps and name not in defined.functions:
                findings += group_findings(node, defined)
                defined = defined.with_function(name)
            case ast.If():
                if ast.dump(node) != _main_guard(tree) or place != len(tree.body) - 1:
                    findings.append(Finding(node.lineno, "Only the known main guard may stand here.", "statement"))
            case _:
                word = type(node).__name__
                findings.append(
                    Finding(node.lineno, f"This statement ({word}) has no place in a strategy.", "statement")
                )
    return findings + _missing(steps, has_names="STEPS" in seen)


def _missing(steps: list[str], *, has_names: bool) -> list[Finding]:
    """Findings of what a strategy cannot be without; `has_names`: STEPS names its steps."""
    findings = []
    if "signals" not in steps:
        findings.append(Finding(0, "There is no function signals(prices).", "function"))
    if len(steps) > 1 and not has_names:
        findings.append(Finding(0, "There are several steps, and no STEPS that names them.", "function"))
    return findings


def _steps_findings(node: ast.stmt, names: list[ast.expr], steps: list[str]) -> list[Finding]:
    if [name.id for name in names if isinstance(name, ast.Name)] == steps and len(names) == len(steps):
        return []
    return [Finding(node.lineno, "STEPS must name every step in order, and nothing else.", "constant")]


def _import_findings(node: ast.Import) -> list[Finding]:
    return [
        Finding(node.lineno, f"'import {alias.name}' is not allowed in this form.", "import")
        for alias in node.names
        if alias.name not in ALLOWED_IMPORTS or alias.asname != ALLOWED_IMPORTS[alias.name]
    ]


def _function_findings(node: ast.FunctionDef, before: list[str], defined: Defined) -> list[Finding]:
    """Findings in one step; `before` are the names of those before it, `defined` what stands above."""
    number = len(before)
    word = "across" if number % 2 else "measures"
    wanted = word + (f"_{number // 2 + 1}" if number > 1 else "")
    head = copy.copy(node)
    head.body = [ast.Pass()]
    known = parsed(f"{head_of(node.name, number)} pass").body[0]
    found = BodyCheck(is_across=number % 2 == 1, has_earlier=number > 0, defined=defined).findings(node.body)
    in_place = node.name == wanted or (node.name == "signals" and number % 2 == 0)
    if ast.dump(head) != ast.dump(known) or not in_place or "signals" in before:
        message = f"{node.name} must be defined as {head_of(node.name, number).split('(')[0][4:]}(…), in its place, "
        found.insert(0, Finding(node.lineno, message + "with the known types and undecorated.", "function"))
    return found
