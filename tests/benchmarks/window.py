"""How long the window keeps a key press waiting: the slowest turn of its event loop in everything that is done with it.

    python -m tests.benchmarks.window [--sizes 0 1000 10000] [--repeats 3] [--explain MILLISECONDS] [--json]

It is a script and never a timed test: machines differ. Each size drives the real window in a process of its own, on
sample prices and a folder that is thrown away; 0 stands for the ordinary strategies that come with the program, other
numbers for a flow of so many blocks. Printed is, for everything that is done, the median over the repeats of the
slowest turn, in milliseconds of the window's own thread; the targets are 50 for ordinary strategies, 100 at 1,000
blocks and 1,000 at 10,000. With --explain it says where turns over so many milliseconds spent their time.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from tests.benchmarks.statistics_of import median
from tests.environments import CHECKOUT

Table = dict[str, list[float]]
"""Milliseconds of the slowest turn, by what was done, one for each repeat."""


def target_of(size: int) -> float:
    """Milliseconds that no turn may take with a flow of `size` blocks; 0: with an ordinary strategy."""
    return 50.0 if size == 0 else 100.0 if size <= 1000 else 1000.0


def main() -> None:
    """Drive the window at every size, and print a table for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 1000, 10000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--explain", type=float, default=0.0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    tables = {}
    for size in chosen.sizes:
        tables[size] = measured(size, chosen.repeats, chosen.explain)
        if not chosen.json:
            print_table(size, tables[size])
    if chosen.json:
        print(json.dumps(tables))


ENVIRONMENT: Final[Mapping[str, str]] = {"QT_QPA_PLATFORM": "offscreen", "QT_NO_GLIB": "1"}


def measured(size: int, repeats: int, explain: float = 0.0) -> Table:
    """Drive the window so often, each time in a new process."""
    table: Table = {}
    for _ in range(repeats):
        command = [sys.executable, "-m", "tests.benchmarks.window_driver", str(size), str(explain)]
        done = subprocess.run(
            command, cwd=CHECKOUT, env={**os.environ, **ENVIRONMENT}, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"the window with {size} blocks was not driven to the end (exit code {done.returncode})")
        for doing, milliseconds in json.loads(done.stdout.splitlines()[-1]).items():
            table.setdefault(doing, []).append(milliseconds)
    return table


def print_table(size: int, table: Table) -> None:
    """One row for everything that was done, the slowest first."""
    print(f"\n{f'{size:,} blocks' if size else 'Ordinary strategies'}: the slowest turn, target {target_of(size):g} ms")
    for doing, values in sorted(table.items(), key=lambda row: -median(row[1])):
        print(f"  {doing:44}{median(values):9.1f}  {_range(values)}{'  !' if median(values) > target_of(size) else ''}")


def _range(values: Sequence[float]) -> str:
    return f"({min(values):.1f}–{max(values):.1f})" if len(values) > 1 else ""


if __name__ == "__main__":
    main()
