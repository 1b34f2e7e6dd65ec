"""Which rules a strategy uses, and which blocks ask for them: read from its text, where RULES says it all."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from builder_app.codegen.syntax import parsed
from builder_app.codegen.targets.capability import LEVELS, RULES, STOPS, TARGETS, Scope

Line = tuple[str, tuple[str, ...]]
Uses = Mapping[str, tuple[str, ...]]
"""For each rule of the flow that is used, the ids of the blocks that ask for it (none: the generator's own choice)."""

_EXITS: Final[Mapping[tuple[str, str], str]] = {
    ("stop", "percent"): "stop_percent",
    ("stop", "distance"): "stop_distance",
    ("stop", "price"): "stop_price",
    ("stop", "level"): "stop_level",
    ("trailing_stop", "percent"): "trailing_percent",
    ("trailing_stop", "distance"): "trailing_distance",
    ("trailing_stop", "moving_distance"): "trailing_moving_distance",
    ("time_stop", "bars"): "time_stop",
    ("target", "percent"): "target_percent",
    ("target", "distance"): "target_distance",
    ("target", "price"): "target_price",
    ("target", "risk"): "target_risk",
}
_NOT_RULES: Final = frozenset({"name", "long_entry", "long_exit", "short_entry", "short_exit", "size", "exits"})


def uses_of(lines: Sequence[Line]) -> Uses:
    """The rules of the flow that this strategy uses, in the order of the table."""
    tree = parsed("\n".join(line for line, _ in lines))
    found: dict[str, dict[str, None]] = {}
    for rule, line in _asked(tree):
        nodes = lines[line - 1][1] if line else ()
        found.setdefault(rule, {}).update(dict.fromkeys(node for node in nodes if node))
    assert found.keys() <= RULES.keys(), f"no target answers for {sorted(found.keys() - RULES.keys())}"
    return {rule: tuple(found[rule]) for rule in RULES if rule in found and RULES[rule].scope is Scope.FLOW}


def features_of(uses: Uses) -> frozenset[str]:
    """What the pieces of an adapter ask for: the rules, and words for several of them together."""
    words = set(uses)
    if words & set(LEVELS):
        words.add("levels")
    if words & {"trailing_percent", "trailing_distance"}:
        words.add("trailing")
    if words & {"trailing", "trailing_moving_distance", "stop_level", "break_even"}:
        words.add("moving")
    if words & {"target_risk", "break_even", "size_risk_percent"}:
        words.add("risk")
    if words & {"stop_price", "target_price"}:
        words.add("at_price")
    if any(rule.startswith("stop") for rule in words & set(STOPS)):
        words.add("stop")
    if words & set(TARGETS):
        words.add("target")
    return frozenset(words)


def _asked(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each rule with the line of the text that asks for it."""
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name("RULES")], ast.Dict() as rules):
                entries = _entries(rules)
                yield from _legs(entries["legs"])
                yield from _portfolio(entries.get("portfolio"))
            case ast.FunctionDef(name) if name.startswith("across"):
                for part in node.body:
                    yield "across_symbols", part.lineno


def _legs(legs: ast.expr) -> Iterator[tuple[str, int]]:
    assert isinstance(legs, ast.List)
    for number, leg in enumerate(legs.elts):
        if number:
            yield "several_legs", leg.lineno
        yield from _leg(_entries(leg))


def _leg(leg: Mapping[str, ast.expr]) -> Iterator[tuple[str, int]]:
    both = []
    for direction in ("long", "short"):
        if not _is_none(leg.get(f"{direction}_entry")):
            both.append(direction)
            yield direction, leg[f"{direction}_entry"].lineno
    if len(both) == 2:
        yield "both_ways", leg["short_entry"].lineno
    for name in leg:
        if name not in _NOT_RULES and not _is_none(leg[name]):
            yield name if name in RULES else "several_legs", leg[name].lineno
    yield from _size(leg["size"], len(both) == 2)
    exits = leg["exits"]
    assert isinstance(exits, ast.List)
    kinds = {_text(_entries(rule)["kind"]): rule.lineno for rule in exits.elts}
    if "trailing_stop" in kinds and kinds.keys() & {"stop", "break_even"}:
        yield "stop_and_trailing", kinds["trailing_stop"]
    for rule in exits.elts:
        yield from _exit(rule)


def _size(size: ast.expr, both_ways: bool) -> Iterator[tuple[str, int]]:
    parts = _entries(size)
    kind = _text(parts["kind"])
    yield f"size_{kind}", size.lineno
    if both_ways and kind == "percent_of_equity":
        yield "both_ways_percent", size.lineno
    if isinstance(parts["value"], ast.Constant) and isinstance(parts["value"].value, str):
        yield "size_series", size.lineno
    if "maximum" in parts:
        yield "size_maximum", size.lineno


def _exit(rule: ast.expr) -> Iterator[tuple[str, int]]:
    parts = _entries(rule)
    kind = _text(parts["kind"])
    yield "break_even" if kind == "break_even" else _EXITS[kind, _text(parts["unit"])], rule.lineno
    if "part" in parts and not _is_whole(parts["part"]):
        yield "target_part", rule.lineno


def _portfolio(portfolio: ast.expr | None) -> Iterator[tuple[str, int]]:
    for name, value in (_entries(portfolio) if portfolio is not None else {}).items():
        if not _is_none(value):
            yield name, value.lineno


def _entries(node: ast.expr) -> dict[str, ast.expr]:
    assert isinstance(node, ast.Dict)
    return {_text(key): value for key, value in zip(node.keys, node.values, strict=True) if key is not None}


def _text(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant)
    return str(node.value)


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _is_whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 100
