"""Python's parser, for one thread at a time.

CPython 3.11 counts the depth of the trees that it builds once for all threads: two that parse at the same moment make
it fail with "AST constructor recursion depth mismatch" (python/cpython issue 106905).
"""

import ast
import threading
from typing import Final, Literal, overload

_ONE_AT_A_TIME: Final = threading.Lock()


@overload
def parsed(source: str) -> ast.Module: ...
@overload
def parsed(source: str, mode: Literal["eval"]) -> ast.Expression: ...


def parsed(source: str, mode: Literal["exec", "eval"] = "exec") -> ast.Module | ast.Expression:
    """The tree of a text; raises SyntaxError and ValueError, RecursionError and MemoryError, as `ast.parse` does."""
    with _ONE_AT_A_TIME:
        if mode == "eval":
            return ast.parse(source, mode="eval")
        return ast.parse(source)
