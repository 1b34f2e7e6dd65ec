"""Why a strategy traded at a bar, or why not: each block's value, the chain, what blocked it, and the way around.

The values are the independent interpreter's. Everything is said of what was decided at the bar's close; whether an
order was filled afterwards is the engine's part, and not said here.
"""

import ast
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from builder_app.codegen.interpreter.interpret import Panel
from builder_app.codegen.syntax import parsed
from builder_app.codegen.why.blockers import blockers
from builder_app.codegen.why.change import Change, smallest_change
from builder_app.codegen.why.rule_blocks import LegBlocks, RuleBlock, RuleBlocks, rule_blocks_of
from builder_app.codegen.why.scene import WORDS, NoSuchBar, Scene, legs_of, plain, scene_of, template_at
from builder_app.codegen.why.words import blocker_words, figure, value_words_of
from builder_app.flow.drawing import ValidateParameters
from builder_app.flow.phrases import Phrases, phrases_of
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Port, PortType

__all__ = [
    "Asked",
    "BarAnswer",
    "LegBlocks",
    "NoSuchBar",
    "RuleBlock",
    "RuleBlocks",
    "Side",
    "Step",
    "looked",
    "with_changes",
]

SECONDS: Final = 2.0
"""So long a smallest change is looked for, for each thing that did not happen."""
MOST_ROWS: Final = 400
_SIDES: Final = ("long_entry", "short_entry", "long_exit", "short_exit")
DONE: Final = {
    "long_entry": ("bought", "to be bought"),
    "short_entry": ("sold short", "to be sold short"),
    "long_exit": ("sold by a signal", "to be sold"),
    "short_exit": ("bought back by a signal", "to be bought back"),
}
"""What did not happen, and what was decided, by the side of a leg."""


@dataclass(frozen=True, slots=True)
class Step:
    """One block of the chain: what it is called and says, what it was at the bar, and what feeds it.

    `holds` is None for a series; `blocks` where it is what stood in the way. `node` is the block's id, with those of
    the groups around it where it is inside one.
    """

    node: str
    name: str
    phrase: str
    value: str
    holds: bool | None = None
    blocks: bool = False
    inside: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that a leg can do, whether it was decided at the bar, and why; `change` would have made it happen."""

    position: str
    side: str
    holds: bool
    sentence: str
    steps: tuple[Step, ...]
    blockers: tuple[Port, ...] = ()
    change: Change | None = None
    change_sentence: str = ""


@dataclass(frozen=True, slots=True)
class BarAnswer:
    """What every leg decided for one symbol at one bar's close, and the blocks that size, end and limit positions."""

    symbol: str
    date: str
    sides: tuple[Side, ...]
    rules: RuleBlocks = field(default_factory=RuleBlocks)


@dataclass(frozen=True, slots=True)
class Asked:
    """A flow without errors, its catalogue, bars that end with the one asked about, and the symbol."""

    flow: LogicFlow
    catalogue: Catalogue
    panel: Panel
    symbol: str
    date: str
    """How the bar is called in sentences, such as “14 Mar 2006”."""


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What is known of a bar at once: the scene, what its blocks say, and the answer without changes."""

    scene: Scene
    phrases: Phrases
    answer: BarAnswer


def looked(asked: Asked, allowed: ValidateParameters) -> Looked:
    """Work the bar out; raises NoSuchBar with a sentence where the symbol has none there.

    `allowed` says which parameter values a block takes.
    """
    scene = scene_of(asked.flow, asked.catalogue, asked.panel, asked.symbol, allowed)
    phrases = phrases_of(scene.drawing)
    sides = [
        _side(scene, phrases, asked, (leg.position, leg.sources, side))
        for leg in legs_of(scene.drawing)
        for side in _SIDES
        if any(one.word == WORDS[side] for one in scene.signals(scene.found, leg.sources))
    ]
    return Looked(scene, phrases, BarAnswer(asked.symbol, asked.date, tuple(sides), rule_blocks_of(scene, phrases)))


def with_changes(
    scene: Scene, answer: BarAnswer, seconds: float = SECONDS, stop: Callable[[], bool] = lambda: False
) -> BarAnswer:
    """The answer with the smallest change for each thing that its signals did not decide.

    Each is looked for so many `seconds`, or until `stop` says so.
    """
    patience, sources = _Patience(seconds, stop), {leg.position: leg.sources for leg in legs_of(scene.drawing)}
    sides = []
    for side in answer.sides:
        if side.holds or side.side not in WORDS:
            sides.append(side)
            continue
        word = WORDS[side.side]
        saying = _saying(scene, sources[side.position], word)
        found = smallest_change(scene, (saying, word), blockers(scene, saying, word), patience.begun())
        sides.append(replace(side, change=found.change, change_sentence=found.sentence))
    return replace(answer, sides=tuple(sides))


def _saying(scene: Scene, sources: Sequence[Port], word: str) -> list[Port]:
    """Those of these ports that can say the word."""
    return [port for port in sources if any(one.word == word for one in scene.signals(scene.found, [port]))]


def _side(scene: Scene, phrases: Phrases, asked: Asked, what: tuple[str, tuple[Port, ...], str]) -> Side:
    position, sources, side = what
    word = WORDS[side]
    holds = scene.holds(scene.found, sources, word)
    saying = _saying(scene, sources, word)
    wishes = () if holds else blockers(scene, saying, word)
    chain = _Chain(scene, phrases, {wish.port for wish in wishes})
    steps = tuple(chain.step(port, word) for port in saying)
    start = f"{asked.symbol} was {'' if holds else 'not '}{DONE[side][1 if holds else 0]} on {asked.date}"
    if holds:
        true = [step.name for step in steps if step.holds]
        return Side(position, side, True, f"{start}: {' and '.join(true)} held.", steps)
    said = "; and ".join(blocker_words(scene, phrases, wish) for wish in wishes) or "nothing asked for it"
    return Side(position, side, False, f"{start}: {said}.", steps, tuple(wish.port for wish in wishes))


@dataclass(frozen=True, slots=True)
class _Patience:
    """How long a smallest change is looked for, unless somebody says that it is enough."""

    seconds: float
    stop: Callable[[], bool]

    def begun(self) -> Callable[[], bool]:
        """Says whether the time that begins now is over."""
        deadline = time.monotonic() + self.seconds
        return lambda: time.monotonic() > deadline or self.stop()


class _Chain:
    """Makes the rows of the chain, at most so many; a block that feeds several is shown under each."""

    def __init__(self, scene: Scene, phrases: Phrases, blocking: set[Port]) -> None:
        self._scene, self._phrases, self._blocking = scene, phrases, blocking
        self._rows = 0

    def step(self, port: Port, word: str = "") -> Step:
        """One output, and what feeds its block."""
        scene = self._scene
        self._rows += 1
        template = template_at(scene, port.node)
        output = template.output_port(port.port)
        is_signal = output is not None and output.type is PortType.SIGNAL
        value = scene.holds(scene.found, [port], word) if is_signal else scene.value(port)
        inside = [
            self.step(edge.source, word) for edge in scene.drawing.into.get(port.node, ()) if self._rows < MOST_ROWS
        ]
        phrase = self._phrases.rule(port.node) if is_signal else self._phrases.of_port.get(port, "")
        name = scene.drawing.name(port.node).strip("'")
        if len(template.output_ports) > 1 and output is not None:
            name = f"{name} · {output.display_name or output.name}"
        holds = value if isinstance(value, bool) else None
        inside = [*inside, *self._unwired(port.node)]
        return Step(port.node, name, phrase, value_words_of(value), holds, port in self._blocking, tuple(inside))

    def _unwired(self, node: str) -> list[Step]:
        """The symbol's own price where an input takes it because nothing is wired into it."""
        scene, found = self._scene, []
        for port in template_at(scene, node).input_ports:
            tree = parsed(port.default or "None", mode="eval").body
            if scene.sources(node, port.name) or not isinstance(tree, ast.Subscript):
                continue
            key = tree.slice
            values = scene.drawing.values[node]
            name = key.value if isinstance(key, ast.Constant) else values.get(ast.unparse(key))
            if isinstance(name, str) and name in scene.member.prices:
                value = plain(scene.member.prices[name][scene.place])
                shown = figure(value) if isinstance(value, float) else "no value"
                found.append(Step(node, name.capitalize(), f"the {name} of {scene.symbol}", shown))
        return found
