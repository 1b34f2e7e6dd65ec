"""How quick code generation is at 1,000 blocks: `python -m tests.benchmarks.codegen [BLOCKS]`.

Draws a strategy of many different blocks, takes it through rules, every pass, the emitter and the checks, and prints
the median processor time of each against the targets: what else the machine does is no matter of this code. The exit
code is 1 where one was missed.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from builder_app.codegen import compile as compiling
from builder_app.flow.edits import apply
from builder_app.flow.grouping import group_nodes
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Node, Point, Port, frozen_mapping
from builder_app.nodes import load_catalogue
from builder_app.session.code import generating

ROUNDS: Final = 9
WHOLE, GROUPED, AGAIN = "picture to checked text", "the same blocks in groups", "the same picture again"
TARGETS: Final = {WHOLE: 0.150, AGAIN: 0.001}
TEMPLATES: Final = Path(__file__).parents[2] / "resources" / "node_templates"
PAIRS: Final = (
    ("sma", "ema"),
    ("hull_average", "kaufman_adaptive_average"),
    ("weighted_average", "triple_exponential_average"),
    ("linear_regression", "tillson_average"),
    ("previous_value", "midpoint"),
)
"""Blocks whose values are compared; each has an output `value`."""


@dataclass(slots=True)
class Clock:
    """Seconds of processor time of every run, by what ran; it all runs in one thread."""

    times: dict[str, list[float]] = field(default_factory=dict)

    def timed(self, what: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, with its time noted."""

        def noted(*arguments: Any) -> Any:
            began = time.thread_time()
            answer = work(*arguments)
            self.times.setdefault(what, []).append(time.thread_time() - began)
            return answer

        return noted

    def watch(self, module: Any, name: str, what: str) -> None:
        """Note the time of a function wherever its module calls it."""
        setattr(module, name, self.timed(what, getattr(module, name)))


def drawn(blocks: int, catalogue: Catalogue) -> LogicFlow:
    """A strategy of about so many blocks: crossings of two different series each, with an entry behind each pair."""
    nodes: dict[str, Node] = {}
    wires: list[tuple[str, str]] = []

    def add(id: str, template: str, label: str = "", **parameters: Any) -> None:
        place = Point(len(nodes) % 40 * 200.0, len(nodes) // 40 * 120.0)
        nodes[id] = Node(id, template, parameters=frozen_mapping(parameters), label=label, position=place)

    add("prices", "prices")
    add("size", "percent_of_equity", percent=5.0)
    for place in range(max((blocks - 2) // 8, 1)):
        for side, template in zip("ab", PAIRS[place % len(PAIRS)], strict=True):
            period = "bars" if template == "previous_value" else "period"
            add(f"{side}{place}", template, f"{side} {place}", **{period: 2 + place % 150})
            port = catalogue.templates[template].input_ports[0].name
            wires.append(("prices.close", f"{side}{place}.{port}"))
        add(f"atr{place}", "atr", period=2 + place % 90)
        add(f"busy{place}", "greater_than", f"Busy {place}", level=1.0 + place)
        add(f"up{place}", "crosses_above", f"Up {place}")
        add(f"down{place}", "crosses_below", f"Down {place}")
        add(f"all{place}", "all_of")
        add(f"go{place}", "enter_long" if place % 2 else "exit_long", f"Go {place}")
        for source, target in (
            *((f"a{place}.value", f"{way}{place}.a") for way in ("up", "down")),
            *((f"b{place}.value", f"{way}{place}.b") for way in ("up", "down")),
            (f"atr{place}.value", f"busy{place}.a"),
            *((f"{test}{place}.result", f"all{place}.conditions") for test in ("busy", "up" if place % 3 else "down")),
            (f"all{place}.result", f"go{place}.condition"),
            (f"go{place}.signal", "size.signal"),
        ):
            wires.append((source, target))
    edges = [Edge(*(Port(*end.split(".")) for end in wire)) for wire in wires]
    return LogicFlow(frozen_mapping(nodes), tuple(sorted(edges)), name="A large strategy")


def in_groups(flow: LogicFlow, catalogue: Catalogue) -> LogicFlow:
    """The same strategy with the blocks before each entry or exit in a group of their own."""
    place = 0
    while f"go{place}" in flow.nodes:
        inside = [f"{name}{place}" for name in ("a", "b", "atr", "busy", "up", "down", "all")]
        flow = apply(flow, group_nodes(flow, catalogue, inside))[0]
        place += 1
    return flow


def watched() -> Clock:
    """A clock on every part of code generation."""
    clock = Clock()
    clock.watch(generating, "check", "rules")
    clock.watch(compiling, "flow_hash", "hash")
    parts: Any = compiling
    parts.PASSES = tuple(clock.timed(f"pass {run.__name__}", run) for run in compiling.PASSES)
    parts.EMITTERS = {"standalone": clock.timed("emit", parts.EMITTERS["standalone"])}
    clock.watch(compiling, "flow_lines", "the picture inside the text")
    clock.watch(generating, "check_text", "checks")
    clock.watch(generating, "generate", WHOLE)
    return clock


def main(arguments: Sequence[str]) -> int:
    """Measure, print the table; the exit code."""
    catalogue = load_catalogue(TEMPLATES)
    flow = drawn(int(arguments[0]) if arguments else 1000, catalogue)
    done = generating.generate(flow, catalogue)
    if done.program is None:
        raise SystemExit("\n".join(problem.message for problem in done.problems))
    lines = done.program.source.count("\n")
    print(
        f"{len(flow.nodes):,} blocks, {len(flow.edges):,} wires, {lines:,} lines of code; medians of {ROUNDS} rounds."
    )
    gc.freeze()  # as the program does after its start
    clock = watched()
    for number in range(ROUNDS):
        generating.generate(replace(flow, name=f"A large strategy {number}"), catalogue)
    clock.watch(generating, "generate", GROUPED)
    grouped = in_groups(flow, catalogue)
    for number in range(ROUNDS):
        generating.generate(replace(grouped, name=f"A large strategy {number}"), catalogue)
    last = replace(flow, name="Again")
    generating.generate(last, catalogue)
    clock.watch(generating, "generate", AGAIN)
    for _ in range(ROUNDS):
        generating.generate(last, catalogue)
    missed = 0
    for what, times in clock.times.items():
        seconds, target = statistics.median(times[:ROUNDS]), TARGETS.get(what)
        late = target is not None and seconds > target
        missed += late
        wanted = "" if target is None else f"   target {target * 1000:.0f} ms{', MISSED' if late else ''}"
        print(f"{what:32} {seconds * 1000:8.2f} ms{wanted}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
