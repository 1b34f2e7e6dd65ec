"""The allow-list scan: attacks are found, and what the generator writes is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.codegen.checks import check_program
from builder_app.codegen.program import ValidationStatus
from tests.codegen.flows import compiled
from tests.codegen.test_compile import crossover

GOOD = compiled(crossover()).source
HEAD = "def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:"

TOP_LEVEL = (
    "import os",
    "import os.path",
    "import os as np",
    "import numpy",
    "import numpy as ta",
    "import numpy.ctypeslib as np",
    "import numpy as np, os",
    "from os import system",
    "from numpy import load",
    "from . import secrets",
    "from .. import builder_app",
    "from engine import run",
    "from prices import read_prices",
    "import engine",
    "import builtins",
    "import ctypes",
    "import subprocess as sp",
    "import importlib",
    "from numpy import *",
    "__import__('os').system('id')",
    "eval('1')",
    "exec('1')",
    "open('/etc/passwd').read()",
    "print('hello')",
    "x = 1",
    "np = 1",
    "ta.SMA = print",
    "PARAMETERS['x'] = 1",
    "PARAMETERS = open('x')",
    "PARAMETERS = {'x': __import__('os')}",
    "PARAMETERS = {**{}}",
    "PARAMETERS = {'x': [y for y in ()]}",
    "PARAMETERS = {'x': f'{1}'}",
    "RULES = {'x': (lambda: 1)()}",
    "RULES = {'x': PARAMETERS.__class__}",
    "RULES = {'x': RULES['y']}",
    "RULES: dict = {}",
    "RULES, x = {}, {}",
    "RULES = PARAMETERS = {}",
    "class Evil: pass",
    "async def evil(): pass",
    "def evil(): pass",
    "def is_above(a, b): return open('x')",
    "def __getattr__(name): pass",
    "del np",
    "global np",
    "if True:\n    import os",
    'if __name__ == "__main__":\n    import os',
    "while True: pass",
    "for x in (): pass",
    "with open('x') as f: pass",
    "try:\n    pass\nfinally:\n    pass",
    "assert open('x')",
    "raise SystemExit",
    "match 1:\n    case _: pass",
    "@print\ndef evil(): pass",
    "lambda: 1",
    "'a docstring in the wrong place'",
    "pass",
    "import numpy as np; import os",
)
IN_SIGNALS = (
    "x = __import__('os')",
    "x = open('x')",
    "x = eval('1')",
    "x = exec('1')",
    "x = compile('1', '', 'eval')",
    "x = getattr(np, 'load')",
    "x = getattr(np, 'lo' + 'ad')",
    "x = globals()",
    "x = locals()",
    "x = vars(np)",
    "x = dir(np)",
    "x = type(np)",
    "x = object()",
    "x = breakpoint()",
    "x = input()",
    "x = np.load('x')",
    "x = np.fromfile('x')",
    "x = np.save('x', prices)",
    "x = np.savetxt('x', prices)",
    "x = np.loadtxt('x')",
    "x = np.genfromtxt('http://x')",
    "x = np.memmap('x')",
    "x = np.DataSource().open('x')",
    "x = np.ctypeslib.load_library('c', '.')",
    "x = np.ctypeslib.ctypes.CDLL('libc.so.6')",
    "x = np.lib.npyio.os.system('id')",
    "x = np.core.multiarray.os",
    "x = np.testing.run_module_suite()",
    "x = np.f2py.compile('x')",
    "x = np.vectorize(eval)",
    "x = np.frompyfunc(eval, 1, 1)",
    "x = np.apply_along_axis(print, 0, prices['close'])",
    "x = np.random.default_rng()",
    "x = np.pi",
    "x = np",
    "x = np.abs",
    "x = pd.read_csv('x')",
    "x = pd.read_pickle('x')",
    "x = pd.eval('1')",
    "x = pd.DataFrame(prices).query('@x')",
    "x = pd.DataFrame(prices).to_csv('x')",
    "x = ta._ta_lib",
    "x = ta.abstract.Function('SMA')",
    "x = ta.abstract.os",
    "x = ta.wraps(print)",
    "x = ta.stream.SMA(prices['close'])",
    "x = ta.set_unstable_period('EMA', 3)",
    "x = ta.SMA.__self__",
    "x = ta.SMA.__globals__",
    "x = is_above.__globals__",
    "x = is_above.__code__",
    "x = signals.__builtins__",
    "x = ().__class__.__base__.__subclasses__()",
    "x = prices.__class__",
    "x = prices['close'].dtype",
    "x = prices['close'].tofile('x')",
    "x = prices['close'].__array_interface__",
    "x = prices['secret']",
    "x = prices[0]",
    "x = prices",
    "x = PARAMETERS",
    "x = PARAMETERS[0]",
    "x = RULES['legs']",
    "x = '{0.__class__}'.format(prices)",
    "x = '%s' % prices",
    "x = f'{prices}'",
    "x = f'{prices.__class__}'",
    "x = f'{open(chr(120))}'",
    "x = 'text'",
    "x = b'bytes'",
    "x = True",
    "x = ...",
    "x = 1j",
    "x = (y := 1)",
    "x = [1]",
    "x = (1, 2)",
    "x = {1}",
    "x = {'a': 1}",
    "x = [y for y in ()]",
    "x = {y: y for y in ()}",
    "x = (y for y in ())",
    "x = lambda: 1",
    "x = 1 if 2 else 3",
    "x = 1 and 2",
    "x = not 1",
    "x = 1 == 1",
    "x = 1 < 2 < 3",
    "x = 1 is 1",
    "x = 1 ** 99999999",
    "x = 1 << 99999999",
    "x = 1 @ 2",
    "x = 1 % 0",
    "x = unknown",
    "x = __builtins__",
    "x = __name__",
    "x = __file__",
    "x = ta.SMA(*prices)",
    "x = ta.SMA(**prices)",
    "x: int = 1",
    "x += 1",
    "x = y = 1",
    "x.y = 1",
    "x[0] = 1",
    "np = 1",
    "ta = 1",
    "prices = 1",
    "is_above = 1",
    "len = 1",
    "[x] = 1",
    "x, *y = 1",
    "(x, y.z) = 1",
    "del prices",
    "import os",
    "from os import system",
    "global x",
    "def inner(): pass",
    "class Inner: pass",
    "return 1",
    "return {'x': open}",
    "return {**prices}",
    "return {x: 1}",
    "yield 1",
    "await x",
    "assert 1",
    "raise ValueError",
    "print('x')",
    "while True: pass",
    "for x in y: pass",
    "with x: pass",
    "try:\n        pass\n    except Exception:\n        pass",
    "if 1: pass",
    "pass",
    "nonlocal x",
)


def refused(source: str) -> bool:
    return check_program(source).status in (ValidationStatus.SECURITY_ERROR, ValidationStatus.SYNTAX_ERROR)


def test_what_the_generator_writes_is_accepted() -> None:
    report = check_program(GOOD)
    assert report.status is ValidationStatus.VALID
    assert report.imports_used == ("engine", "numpy", "prices", "talib")
    assert report.line_count == GOOD.count("\n")
    assert report.complexity_score >= 1


def test_a_harmless_step_in_the_places_of_the_attacks_is_accepted() -> None:
    for step in (
        "x = is_above(close, 1)",
        "x = ta.SMA(np.abs(close - 2), timeperiod=3)",
        "x, _ = ta.AROON(close, close)",
    ):
        source = GOOD.replace("    return {", f"    {step}\n    return {{")
        assert check_program(source).status is ValidationStatus.VALID


@pytest.mark.parametrize("attack", TOP_LEVEL)
def test_attacks_beside_signals_are_found(attack: str) -> None:
    if not attack.startswith("'"):  # as the first statement it would be the docstring
        assert refused(f"{attack}\n{GOOD}")
    guard = 'if __name__ == "__main__":'
    before, _, after = GOOD.partition(guard)
    assert refused(f"{before}{attack}\n\n\n{guard}{after}")
    assert refused(f"{GOOD}{attack}\n")


@pytest.mark.parametrize("attack", IN_SIGNALS)
def test_attacks_inside_signals_are_found(attack: str) -> None:
    assert refused(GOOD.replace("    return {", f"    {attack}\n    return {{"))


@pytest.mark.parametrize("attack", [attack.removeprefix("x = ") for attack in IN_SIGNALS if attack.startswith("x = ")])
def test_attacks_as_arguments_are_found(attack: str) -> None:
    source = GOOD.replace("    return {", f"    x = is_above(({attack}), 1)\n    return {{")
    assert refused(source)


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("prices:", "prices, extra:"),
        HEAD.replace("prices: dict[str, np.ndarray]", "prices: print('x')"),
        HEAD.replace("prices: dict[str, np.ndarray]", "prices: dict[str, np.ndarray] = open('x')"),
        HEAD.replace("-> dict[str, np.ndarray]", "-> open('x')"),
        HEAD.replace("-> dict[str, np.ndarray]", ""),
        HEAD.replace("def", "async def"),
        f"@print\n{HEAD}",
        f"@np.vectorize\n{HEAD}",
        HEAD.replace("signals", "signal"),
    ],
)
def test_another_head_of_signals_is_found(head: str) -> None:
    assert HEAD in GOOD
    assert refused(GOOD.replace(HEAD, head))


def test_a_changed_helper_function_is_found() -> None:
    assert refused(GOOD.replace("crossed[:1] = False", "crossed[:1] = True"))
    assert refused(GOOD.replace("crossed[:1] = False", "open('x')"))
    assert refused(GOOD.replace("def crossed_above(", "@print\ndef crossed_above("))


def test_a_changed_main_guard_is_found() -> None:
    assert refused(GOOD.replace("from engine import run", "from os import system as run"))
    assert refused(GOOD.replace("from engine import run", "from engine import run, other"))
    assert refused(GOOD.replace('"__main__"', '"strategy"'))
    assert refused(GOOD.replace("raise SystemExit(run(", "raise SystemExit(eval("))


@pytest.mark.parametrize(
    "text", ["# coding: utf-7\n", "\n# -*- coding: latin-1 -*-\n", "# \u202e\n", "\x0c", "# \x00\n", "\ufeff"]
)
def test_invisible_characters_and_encodings_are_found(text: str) -> None:
    assert refused(text + GOOD)


def test_a_broken_text_is_a_syntax_error_with_its_line() -> None:
    report = check_program("x = 1\nx = (\n")
    assert report.status is ValidationStatus.SYNTAX_ERROR
    assert report.syntax_errors[0].line == 2
    assert report.line_count == 2


@pytest.mark.parametrize("text", ["(" * 500, "-" * 100_000 + "1", "a" + ".b" * 50_000, "\ud800", "x\x00", "1" * 5000])
def test_texts_that_break_parsers_get_a_report(text: str) -> None:
    assert refused(text)


@given(st.text(max_size=200))
def test_any_text_gets_a_report(text: str) -> None:
    assert check_program(text).status is not ValidationStatus.VALID


@given(st.integers(0, len(GOOD) - 1), st.sampled_from(["", ".", "(", "__", "import os\n", "#", "\n", " ", "x"]))
def test_a_program_with_one_changed_place_gets_a_report(place: int, put: str) -> None:
    check_program(GOOD[:place] + put + GOOD[place + 1 :])


def test_forbidden_imports_are_named_once() -> None:
    report = check_program("import os\nfrom sys import path\nimport numpy as np\nimport os.path\n")
    assert report.forbidden_imports == ("os", "os.path", "sys")
    assert report.imports_used == ("numpy", "os", "sys")
    assert report.status is ValidationStatus.SECURITY_ERROR
