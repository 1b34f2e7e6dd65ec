"""The functions of the strategy's text that TA-Lib and NumPy lack. They are real, and copied into it when used.

Those for one symbol take 1-D arrays of its bars in order (or a number where the text says so) and give an array of the
same length; those across symbols take and give bars × symbols. A comparison with NaN is False. Their lines are at most
88 wide, for they appear in strategies as they are.
"""

import ast
import functools
import inspect
from types import FunctionType
from typing import Final

from builder_app.codegen.prelude import across as prelude_across
from builder_app.codegen.prelude import basics as prelude_basics
from builder_app.codegen.prelude import calendar as prelude_calendar
from builder_app.codegen.prelude import statistics as prelude_statistics
from builder_app.codegen.syntax import parsed

ROOMS: Final = (prelude_basics, prelude_statistics, prelude_calendar, prelude_across)
FUNCTIONS: Final[dict[str, FunctionType]] = {
    name: function
    for room in ROOMS
    for name, function in vars(room).items()
    if isinstance(function, FunctionType) and function.__module__ == room.__name__
}
"""Every function by its name, in the order of definition."""
NAMES: Final = tuple(FUNCTIONS)


@functools.cache
def source_of(name: str) -> str:
    """The text of one function, as it stands in a strategy, without a final line break."""
    return inspect.getsource(FUNCTIONS[name]).rstrip("\n")


@functools.cache
def needs(name: str) -> frozenset[str]:
    """The other functions that this one calls."""
    tree = parsed(source_of(name))
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in NAMES)


def with_dependencies(used: frozenset[str]) -> tuple[str, ...]:
    """These functions and all that they call, in the order of their definition here."""
    wanted: set[str] = set()
    waiting = list(used)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting.extend(needs(name))
    return tuple(name for name in NAMES if name in wanted)
