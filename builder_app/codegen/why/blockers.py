"""Which conditions stood in the way: from a signal that was not given back to what would have had to be otherwise."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from builder_app.codegen.interpreter.interpret import Interpretation
from builder_app.codegen.syntax import parsed
from builder_app.codegen.why.scene import Scene, template_at
from builder_app.flow.templates import NodeTemplate, OutputPort
from builder_app.flow.values import Port, PortType

MOST_TRIED: Final = 16
MOST_TOGETHER: Final = 4
"""Of so many conditions so many are turned over together, where those that keep each thing do not do for all."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An output that was not as it would have had to be: a condition, or (with `word`) a block that passes signals."""

    port: Port
    wanted: bool = True
    word: str = ""


def blockers(scene: Scene, sources: Sequence[Port], word: str) -> tuple[Wish, ...]:
    """What kept all of these ports from saying the word: of several ways the one that lacks least, then the first."""
    ways = [_signal(scene, port, word) for port in sources]
    return min(ways, key=len, default=())


def is_met(scene: Scene, found: Mapping[str, Interpretation], wish: Wish) -> bool:
    """Whether an interpretation gives what is wished at the bar."""
    if wish.word:
        return scene.holds(found, [wish.port], wish.word)
    return scene.of(found, wish.port) is wish.wanted


def conditions(scene: Scene, nodes: Iterable[str]) -> list[str]:
    """Those of these blocks that can be what stands in the way: all but series, And, Or and Not."""
    return [node for node in nodes if any(_may_block(template_at(scene, node), port) for port in _ports(scene, node))]


def _ports(scene: Scene, node: str) -> tuple[OutputPort, ...]:
    return template_at(scene, node).output_ports


def _may_block(template: NodeTemplate, port: OutputPort) -> bool:
    is_joint = re.match(r"\s*(all_of\(|any_of\(|~)", template.outputs.get(port.name, "")) is not None
    return port.type is PortType.SIGNAL or (port.type is PortType.BOOLEAN and not is_joint)


def _signal(scene: Scene, port: Port, word: str) -> tuple[Wish, ...]:
    """A signal block that does not say the word: its condition's blockers, or itself where what feeds it says it."""
    template = template_at(scene, port.node)
    before = [
        source
        for entry in template.input_ports
        if entry.type is PortType.SIGNAL
        for source in scene.sources(port.node, entry.name)
    ]
    saying = [one for one in before if any(each.word == word for each in scene.signals(scene.found, [one]))]
    if saying:
        if scene.holds(scene.found, saying, word):
            return (Wish(port, True, word),)
        return blockers(scene, saying, word)
    condition = _condition_of(template.outputs[port.port], word)
    if condition is None:
        return (Wish(port, True, word),)
    wishes = _needed(scene, port.node, condition, True)
    return wishes if _does(scene, port.node, condition, wishes) else _tried(scene, port.node, condition) or wishes


def _condition_of(recipe: str, word: str) -> ast.expr | None:
    """The expression that says when a recipe gives this word."""
    tree = parsed(recipe.strip(), mode="eval").body
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return None
    if tree.func.id == word and tree.args:
        return tree.args[0]
    return next((each.value for each in tree.keywords if each.arg == word), None)


def _tried(scene: Scene, node: str, condition: ast.expr) -> tuple[Wish, ...]:
    """The fewest conditions that would do if they were turned over together; none where no few of them would.

    Where a condition counts for one thing and against another, what keeps each of them does not do for both.
    """
    leaves = list(dict.fromkeys(_leaves(scene, _named_sources(scene, node, condition))))[:MOST_TRIED]
    for count in range(1, MOST_TOGETHER + 1):
        for chosen in combinations(leaves, count):
            wishes = tuple(Wish(port, scene.value(port) is not True) for port in chosen)
            if _does(scene, node, condition, wishes):
                return wishes
    return ()


def _does(scene: Scene, node: str, condition: ast.expr, wishes: Sequence[Wish]) -> bool:
    """Whether a signal block's condition holds once these are as wished, and everything else that is not behind And,
    Or and Not stays as it is."""
    turned = {wish.port: wish.wanted for wish in wishes}

    def holds(expression: ast.expr, block: str) -> bool:
        match expression:
            case ast.UnaryOp(ast.Invert() | ast.Not(), operand):
                return not holds(operand, block)
            case ast.Name(name):
                return all(is_true(source) for source in scene.sources(block, name))
            case _:
                return False

    def is_true(port: Port) -> bool:
        joint, sources = _joint(scene, port)
        if port in turned or not joint:
            return turned.get(port, scene.value(port) is True)
        each = [is_true(source) for source in sources]
        return all(each) if joint == "all_of" else any(each) if joint == "any_of" else not all(each)

    return holds(condition, node)


def _leaves(scene: Scene, ports: Iterable[Port]) -> Iterator[Port]:
    """The conditions behind And, Or and Not."""
    for port in ports:
        joint, sources = _joint(scene, port)
        if joint:
            yield from _leaves(scene, sources)
        else:
            yield port


def _named_sources(scene: Scene, node: str, expression: ast.expr) -> list[Port]:
    names = [part.id for part in ast.walk(expression) if isinstance(part, ast.Name)]
    return [source for name in names for source in scene.sources(node, name)]


def _joint(scene: Scene, port: Port) -> tuple[str, list[Port]]:
    """Whether a condition is And, Or or Not, by the word of its recipe, and what goes into it; "" for any other."""
    recipe = parsed(template_at(scene, port.node).outputs[port.port].strip(), mode="eval").body
    match recipe:
        case ast.Call(ast.Name("all_of" | "any_of" as joint), [ast.Name(name)]):
            return joint, scene.sources(port.node, name)
        case ast.UnaryOp(ast.Invert(), ast.Name(name)):
            return "not", scene.sources(port.node, name)
        case _:
            return "", []


def _needed(scene: Scene, node: str, expression: ast.expr, wanted: bool) -> tuple[Wish, ...]:
    """What would have to change so that an expression over a block's inputs is as wanted."""
    match expression:
        case ast.UnaryOp(ast.Invert() | ast.Not(), operand):
            return _needed(scene, node, operand, not wanted)
        case ast.Name(name):
            return _all(scene, scene.sources(node, name), wanted)
        case _:
            return ()


def _all(scene: Scene, sources: Sequence[Port], wanted: bool) -> tuple[Wish, ...]:
    """What keeps every one of these conditions from being as wanted, each named once."""
    found = [
        wish for source in sources if scene.value(source) is not wanted for wish in _condition(scene, source, wanted)
    ]
    return tuple(dict.fromkeys(found))


def _any(scene: Scene, sources: Sequence[Port], wanted: bool) -> tuple[Wish, ...]:
    """The way that lacks least to one of these conditions being as wanted."""
    return min((_condition(scene, source, wanted) for source in sources), key=len, default=())


def _condition(scene: Scene, port: Port, wanted: bool) -> tuple[Wish, ...]:
    """What keeps a condition from being as wanted: what is behind And, Or and Not, or the condition itself."""
    joint, sources = _joint(scene, port)
    if joint == "not":
        found = _all(scene, sources, not wanted)
    elif joint:
        through = _all if (joint == "all_of") is wanted else _any
        found = through(scene, sources, wanted)
    else:
        found = ()
    return found or (Wish(port, wanted),)
