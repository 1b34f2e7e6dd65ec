"""Values and conditions of one bar in words."""

import ast
from typing import Final

from builder_app.codegen.interpreter.interpret import operand
from builder_app.codegen.syntax import parsed
from builder_app.codegen.why.blockers import Wish
from builder_app.codegen.why.scene import Scene, plain, template_at
from builder_app.flow.phrases import Phrases
from builder_app.flow.values import Port, PortType

_COMPARISONS: Final = frozenset({"is_above", "is_below", "is_equal", "crossed_above", "crossed_below"})
_CROSSINGS: Final = frozenset({"crossed_above", "crossed_below"})
_LEAST_DIGITS, _MOST_DIGITS = 4, 12


def figure(number: float, digits: int = _LEAST_DIGITS) -> str:
    """A number with so many digits that count, thousands separated, without zeros behind the point."""
    if number == 0 or abs(number) >= 10 ** (digits - 1):
        places = max(0, digits - len(f"{abs(number):.0f}"))
        text = f"{number:,.{places}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
    return f"{number:.{digits}g}".replace("-", "−")


def value_words_of(value: float | bool | None) -> str:
    """A block's value as it stands in the chain."""
    if value is None:
        return "no value yet"
    return ("true" if value else "false") if isinstance(value, bool) else figure(value, 6)


def blocker_words(scene: Scene, phrases: Phrases, wish: Wish) -> str:
    """`'RSI is low' is false, for it asks that …, and …`."""
    name = scene.drawing.name(wish.port.node)
    if wish.word:
        phrase = phrases.rule(wish.port.node)
        return f"{name} let nothing through{f' ({phrase})' if phrase else ''}"
    phrase = phrases.of_port.get(wish.port, "")
    said = f"{name} was {'false' if wish.wanted else 'true'}"
    if phrase:
        said = f"{said} (“{phrase}”)"
    values = _values(scene, phrases, wish.port)
    return f"{said}, where {values}" if values else said


def _values(scene: Scene, phrases: Phrases, port: Port) -> str:
    recipe = parsed(template_at(scene, port.node).outputs[port.port].strip(), mode="eval").body
    match recipe:
        case ast.Call(ast.Name(name), [left, right]) if name in _COMPARISONS:
            return _compared(scene, phrases, port.node, (name, left, right))
    return " and ".join(_inputs(scene, phrases, port.node))


def _inputs(scene: Scene, phrases: Phrases, node: str) -> list[str]:
    """What is wired into the block, and its values."""
    said = []
    for entry in template_at(scene, node).input_ports:
        for source in scene.sources(node, entry.name):
            if entry.type in (PortType.SERIES, PortType.BOOLEAN):
                said.append(f"{phrases.spoken(source, inside=False)} was {value_words_of(scene.value(source))}")
    return said


def _compared(scene: Scene, phrases: Phrases, node: str, parts: tuple[str, ast.expr, ast.expr]) -> str:
    """Both sides of a comparison with their values; of a crossing also those of the bar before."""
    name, *sides = parts
    words, now, before = [], [], []
    for side in sides:
        values = operand(ast.unparse(side), node, scene.drawn, scene.member, scene.found[scene.symbol].values)
        words.append(_side_words(scene, phrases, node, side))
        now.append(None if values is None else plain(values[scene.place]))
        before.append(None if values is None or not scene.place else plain(values[scene.place - 1]))
    first, second = _apart(now)
    pair = f"{first} against {second}" if words[1] in ("", second) else f"{first} and {words[1]} {second}"
    said = f"{words[0] or 'it'} was {pair}"
    if name in _CROSSINGS:
        one, two = _apart(before)
        said += f", the bar before {one} and {two}"
    return said


def _side_words(scene: Scene, phrases: Phrases, node: str, side: ast.expr) -> str:
    """What one side of a comparison is called; nothing for a number that stands there by itself."""
    match side:
        case ast.Name(name):
            sources = scene.sources(node, name)
            return phrases.spoken(sources[0], inside=False) if sources else ""
        case ast.Call(ast.Attribute(ast.Name("ta"), _) as function, _, keywords):
            values = scene.drawing.values[node]
            numbers = [str(values.get(ast.unparse(each.value), ast.unparse(each.value))) for each in keywords]
            short = ast.unparse(function).removeprefix("ta.")
            return f"{short}({', '.join(numbers)})" if numbers else short
        case _:
            return ""


def _apart(values: list[float | bool | None]) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart."""
    first, second = values
    if first is None or second is None:
        return value_words_of(first), value_words_of(second)
    for digits in range(_LEAST_DIGITS, _MOST_DIGITS):
        one, two = figure(float(first), digits), figure(float(second), digits)
        if one != two or first == second:
            break
    return one, two
