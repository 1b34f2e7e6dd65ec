"""RULES as text: what enters, sizes and ends the positions, and what limits them together."""

from collections.abc import Iterable, Mapping

from builder_app.codegen.expressions import Expression, Fixed
from builder_app.codegen.layout import WIDTH, Render
from builder_app.codegen.literals import plain, quoted, width
from builder_app.codegen.passes.staging import other_symbols
from builder_app.codegen.plan import Draft, ExitRule, Leg, Limit, Setting

Line = tuple[str, tuple[str, ...]]
"""A line of the text and the ids of the blocks it comes from."""
Parts = Mapping[str, "str | Parts"]
"""A dictionary of the text: under each key a value as it is written, or another dictionary."""


def rules_lines(draft: Draft, written: Render) -> list[Line]:
    """The constant RULES."""
    lines: list[Line] = [("RULES = {", ()), ('    "legs": [', ())]
    for leg in draft.legs:
        lines += _leg(leg, written)
    lines += [("    ],", ()), *_portfolio(draft, written)]
    others = other_symbols(draft)
    if others:
        asking = {symbol: quoted(f"The block '{plain(draft.title(nodes[0]), 40)}'") for symbol, nodes in others.items()}
        lines += entry(
            4, "other_symbols", asking, tuple(dict.fromkeys(node for nodes in others.values() for node in nodes))
        )
    return [*lines, ("}", ())]


def rule_expressions(draft: Draft) -> list[Expression]:
    """Every number and series that RULES writes, but for those that legs read as arrays."""
    found: list[Expression] = []
    for leg in draft.legs:
        found += [leg.size, *(value for _, value in leg.size_more)]
        found += [] if leg.cooldown is None else [leg.cooldown]
        for rule in leg.exits:
            found += [rule.value, *([] if rule.part is None else [rule.part])]
    for _, expressions in limit_expressions(draft):
        found += expressions
    return found


def limit_expressions(draft: Draft) -> list[tuple[tuple[str, ...], list[Expression]]]:
    """The numbers of the limits on the portfolio, with the blocks that set them."""
    portfolio = draft.portfolio
    if portfolio is None:
        return []
    found = [(portfolio.nodes, [] if portfolio.maximum_positions is None else [portfolio.maximum_positions])]
    for limit in portfolio.limits:
        more = [value for _, value in limit.more if isinstance(value, Fixed)]
        found.append((limit.nodes, [limit.value, *more]))
    return found


def _portfolio(draft: Draft, written: Render) -> list[Line]:
    portfolio = draft.portfolio
    if portfolio is None:
        return entry(4, "portfolio", {"maximum_positions": "None"}, ())
    maximum = portfolio.maximum_positions
    parts: dict[str, str | Parts] = {"maximum_positions": "None" if maximum is None else written(maximum)}
    nodes = {"maximum_positions": portfolio.nodes if maximum is not None else ()}
    for limit in portfolio.limits:
        parts[limit.kind] = _limit(limit, written)
        nodes[limit.kind] = limit.nodes
    return entry(4, "portfolio", parts, tuple(dict.fromkeys(node for own in nodes.values() for node in own)), nodes)


def _limit(limit: Limit, written: Render) -> str | Parts:
    if not limit.key:
        return written(limit.value)
    return {limit.key: written(limit.value), **{name: _setting(value, written) for name, value in limit.more}}


def _setting(value: Setting, written: Render) -> str | Parts:
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, tuple):
        return {symbol: quoted(sector) for symbol, sector in value}
    return written(value)


def _leg(leg: Leg, written: Render) -> list[Line]:
    own = (leg.node,) if leg.node else ()
    lines: list[Line] = [("        {", own), (f'            "name": {quoted(plain(leg.name, 50))},', own)]
    rules = (
        ("long_entry", "enter_long", leg.long_entry),
        ("long_exit", "exit_long", leg.long_exit),
        ("short_entry", "enter_short", leg.short_entry),
        ("short_exit", "exit_short", leg.short_exit),
    )
    for field, word, value in rules:
        nodes = tuple(
            dict.fromkeys(node for rule in leg.signals if rule.word == word for node in (rule.node, *rule.via))
        )
        lines.append((f'            "{field}": {_key(value, written)},', nodes))
    nodes = tuple(dict.fromkeys(node for rule in leg.signals if rule.strength for node in (rule.node, *rule.via)))
    lines.append((f'            "strength": {_key(leg.strength, written)},', nodes))
    size = {"kind": quoted(leg.size_kind), "value": _value(leg.size, written)}
    lines += entry(12, "size", size | {name: written(value) for name, value in leg.size_more}, own)
    lines += _exits(leg, written)
    if leg.cooldown is not None:
        nodes = tuple(dict.fromkeys(node for rule in leg.signals if rule.cooldown is not None for node in rule.via))
        lines.append((f'            "cooldown": {written(leg.cooldown)},', nodes))
    if leg.rebalance is not None:
        lines.append((f'            "rebalance": {_key(leg.rebalance, written)},', leg.rebalance_nodes))
    return [*lines, ("        },", own)]


def _exits(leg: Leg, written: Render) -> list[Line]:
    if not leg.exits:
        return [('            "exits": [],', ())]
    lines: list[Line] = [('            "exits": [', tuple(rule.node for rule in leg.exits))]
    for rule in leg.exits:
        lines += entry(16, "", _exit(rule, written), (rule.node,))
    return [*lines, ("            ],", ())]


def _exit(rule: ExitRule, written: Render) -> dict[str, str]:
    parts = {"kind": quoted(rule.kind), "unit": quoted(rule.unit), "value": _value(rule.value, written)}
    return parts if rule.part is None else parts | {"part": written(rule.part)}


def _value(value: Expression, written: Render) -> str:
    """A number as it is, or the key of a series."""
    return written(value) if isinstance(value, Fixed) else _key(value, written)


def _key(value: Expression | None, written: Render) -> str:
    return "None" if value is None else quoted(written(value))


def entry(
    indent: int, name: str, parts: Parts, nodes: Iterable[str], own: Mapping[str, tuple[str, ...]] | None = None
) -> list[Line]:
    """`"name": {…},` (or `{…},`) on one line where it fits, else one part a line; `own` are the parts' own blocks."""
    start = " " * indent + (f"{quoted(name)}: " if name else "")
    line = f"{start}{_on_one_line(parts)},"
    blocks = tuple(nodes)
    if width(line) <= WIDTH:
        return [(line, blocks)]
    lines: list[Line] = [(f"{start}{{", blocks)]
    for key, value in parts.items():
        inside = own.get(key, blocks) if own is not None else blocks
        if isinstance(value, str):
            lines.append((f"{' ' * (indent + 4)}{quoted(key)}: {value},", inside))
        else:
            lines += entry(indent + 4, key, value, inside)
    return [*lines, (" " * indent + "},", blocks)]


def _on_one_line(parts: Parts) -> str:
    items = [
        f"{quoted(key)}: {value if isinstance(value, str) else _on_one_line(value)}" for key, value in parts.items()
    ]
    return f"{{{', '.join(items)}}}"
