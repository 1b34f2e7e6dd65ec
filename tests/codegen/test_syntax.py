"""The parser may be asked from many threads at once."""

import ast
import gc
from concurrent.futures import ThreadPoolExecutor

from builder_app.codegen.syntax import parsed

TEXT = "\n".join(f"def f{number}(a, b):\n    return (((a + b) * {number}) - [a, [b, [a]]][0])" for number in range(200))


def test_many_threads_may_parse_at_the_same_time() -> None:
    gc.collect()
    with ThreadPoolExecutor(8) as threads:
        trees = list(threads.map(lambda _: parsed(TEXT), range(64)))
    assert {len(tree.body) for tree in trees} == {200}
    assert isinstance(parsed("a + 1", "eval").body, ast.BinOp)
