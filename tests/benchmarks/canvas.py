"""How fast the canvas is, beside NodeGraphQt and beside a bare QGraphicsView, measured in one run.

    python -m tests.benchmarks.canvas [--sizes 100 1000 5000 10000] [--repeats 24]
        [--processor-time] [--without-nodegraphqt]

It is a script and never a timed test: machines differ, and so does what else they do. Each canvas shows the same grid
of blocks with three wires for every two blocks, in a viewport of 1600 × 1000 painted by the processor, in a process of
its own. Times are from the event until everything is painted, the median / the 95th percentile, in milliseconds; with
--processor-time only what the process itself computed counts, for machines that others use too.

This program shows its real canvas: real blocks, labels, typed ports, problems; an edit includes the check of all rules.
The prototype does no more than draw. NodeGraphQt gets an environment of its own (made once, by pip), its cycle check
off but where a circle is refused, and at most 1,000 blocks: more take minutes.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.canvas_targets import TARGETS
from tests.benchmarks.statistics_of import high, median
from tests.environments import CHECKOUT, python_with

Samples = dict[str, list[float]]
LIBRARY: Final = ["NodeGraphQt==0.6.44", "PySide6-Essentials==6.11.3", "setuptools<81"]
MOST_IN_LIBRARY: Final = 1000
COLUMNS: Final = ("program", "prototype", "nodegraphqt")


def main() -> None:
    """Measure every canvas at every size, and print a table for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000, 10000])
    parser.add_argument("--repeats", type=int, default=24)
    parser.add_argument("--without-nodegraphqt", action="store_true")
    parser.add_argument("--processor-time", action="store_true")
    chosen = parser.parse_args()
    if chosen.processor_time:
        os.environ["BENCHMARK_CLOCK"] = "processor"
    pythons = {"program": Path(sys.executable), "prototype": Path(sys.executable)}
    if not chosen.without_nodegraphqt:
        pythons["nodegraphqt"] = python_with("nodegraphqt", LIBRARY)
    for count in chosen.sizes:
        found = {
            name: measured(python, name, count, chosen.repeats)
            for name, python in pythons.items()
            if name != "nodegraphqt" or count <= MOST_IN_LIBRARY
        }
        print_table(count, found)


def measured(python: Path, name: str, count: int, repeats: int) -> Samples:
    """What one canvas needs, measured in a process of its own; nothing where it fails, which is said."""
    repeats = max(4, repeats // 4) if name == "nodegraphqt" else repeats
    command = [str(python), "-m", f"tests.benchmarks.canvas_{name}", str(count), str(repeats)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name} with {count} blocks did not run:\n{done.stderr[-2000:]}", file=sys.stderr)
        return {}
    samples: Samples = json.loads(done.stdout.splitlines()[-1])
    return samples


def print_table(count: int, found: dict[str, Samples]) -> None:
    """One row an operation: each canvas, the target, and how this program stands to the others."""
    names = [name for name in COLUMNS if name in found]
    print(f"\n{count:,} blocks, {count * 3 // 2:,} wires (ms, median / 95th percentile; memory in MB)")
    heads = [f"{name:>19}" for name in names]
    print(f"{'':26}{''.join(heads)}{'target':>14}{'× prototype':>13}{'NodeGraphQt ×':>15}")
    for operation, values in found["program"].items():
        cells = "".join(f"{cell(found[name].get(operation)):>19}" for name in names)
        target = TARGETS.get(operation, {}).get(count)
        ratios = f"{ratio(values, found, 'prototype', operation):>13}"
        ratios += f"{ratio(values, found, 'nodegraphqt', operation):>15}"
        print(f"{operation:26}{cells}{verdict(values, target):>14}{ratios}")


def cell(values: Sequence[float] | None) -> str:
    """Median and 95th percentile."""
    return f"{median(values):.2f} / {high(values):.2f}" if values else "–"


def verdict(values: Sequence[float], target: tuple[float, float] | None) -> str:
    """The target, and whether it is missed."""
    if target is None:
        return ""
    missed = median(values) > target[0] or high(values) > target[1]
    return f"{target[0]:g} / {target[1]:g}" + (" !" if missed else "  ")


def ratio(values: Sequence[float], found: dict[str, Samples], other: str, operation: str) -> str:
    """How many times the prototype this program needs; how many times this program NodeGraphQt needs."""
    theirs = found.get(other, {}).get(operation)
    if not theirs:
        return ""
    mine, yours = median(values), median(theirs)
    return f"{mine / yours:.1f}" if other == "prototype" else f"{yours / mine:.0f}"


if __name__ == "__main__":
    main()
