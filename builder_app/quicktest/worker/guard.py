"""What a strategy's text may name: some builtins and four libraries. It explains early; the wall is `lock`."""

import builtins
import sys
import types
from collections.abc import Mapping
from typing import Any, Final

FILENAME: Final = "<strategy>"
LIBRARIES: Final = frozenset({"math", "numpy", "pandas", "talib"})
BUILTINS: Final = (
    "abs", "all", "any", "bool", "dict", "divmod", "enumerate", "filter", "float", "frozenset", "int", "isinstance",
    "len", "list", "map", "max", "min", "object", "pow", "range", "reversed", "round", "set", "slice", "sorted",
    "str", "sum", "tuple", "zip", "ArithmeticError", "AssertionError", "Exception", "FloatingPointError",
    "IndexError", "KeyError", "LookupError", "OverflowError", "RuntimeError", "TypeError", "ValueError",
    "ZeroDivisionError",
)  # fmt: skip


def load(source: str) -> dict[str, Any]:
    """Run the text as a module that is not the main one; returns its names. Raises whatever the text raises."""
    allowed = {name: getattr(builtins, name) for name in BUILTINS}
    module = types.ModuleType("strategy")
    namespace = module.__dict__
    namespace["__builtins__"] = allowed | {"__import__": _guarded_import}
    exec(compile(source, FILENAME, "exec", dont_inherit=True), namespace)  # noqa: S102  (this is the worker's purpose)
    return namespace


def _guarded_import(
    name: str,
    _globals: Mapping[str, object] | None = None,
    _locals: Mapping[str, object] | None = None,
    fromlist: tuple[str, ...] | None = None,
    level: int = 0,
) -> types.ModuleType:
    """`__import__` for the text: only the four libraries, and only modules of theirs that are loaded."""
    root = name.partition(".")[0]
    if level != 0 or root not in LIBRARIES:
        raise ImportError(f"a strategy may import only {', '.join(sorted(LIBRARIES))}; it asked for {name}")
    if name not in sys.modules:
        raise ImportError(f"a strategy cannot import {name}")
    return sys.modules[name] if fromlist else sys.modules[root]
