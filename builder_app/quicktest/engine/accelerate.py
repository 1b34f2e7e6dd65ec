"""The loop compiled by numba where that is installed, and plain Python where it is not or is not worth waiting for."""

import importlib
import importlib.util
import threading
import warnings
from collections.abc import Callable
from typing import Any, Final, cast

from . import loop
from .book import Book, Plan, Quotes, Test
from .compiled_cache import cache_folder

RunBars = Callable[[tuple[int, int], Test, Book], int]

WORTH_COMPILING: Final = 500_000
"""Cells (bars × slots) from which on a run has the loop compiled beside it: plain Python would take seconds."""

_lock = threading.Lock()
_ready: list[RunBars] = []
_failed: list[str] = []
_warming: list[threading.Thread] = []
_lock_of_warming = threading.Lock()


def loop_for(cells: int) -> RunBars:
    """The compiled loop if it is ready, else the plain one; many `cells` (bars × slots) set the compiler to work.

    Nothing waits for the compiler: a run asks again every few bars, and goes on with whichever loop there is.
    """
    if _ready:
        return _ready[0]
    if cells >= WORTH_COMPILING:
        warm()
    return run_plainly


def is_compiled() -> bool:
    """Whether runs use the compiled loop by now."""
    return bool(_ready)


def run_plainly(span: tuple[int, int], test: Test, book: Book) -> int:
    """The loop as plain Python, on views of the arrays that give Python's own numbers: twice as fast, the same bits."""
    views = Test(Quotes(*map(_view, test.quotes)), Plan(*map(_view, test.plan)), test.terms)
    return loop.run_bars(span, views, Book(*map(_view, book)))


def _view(array: Any) -> Any:
    return memoryview(array)


def compiled() -> RunBars | None:
    """Compile the loop, or load it from the cache on disk; None where numba is missing or cannot compile here."""
    with _lock:
        if not _ready and not _failed:
            try:
                if importlib.util.find_spec("numba") is None:
                    _failed.append("numba is not installed")
                else:
                    _ready.append(_compile())
            except Exception as error:  # a broken accelerator must not stop a test: plain Python gives the same bits
                _failed.append(str(error))
        return _ready[0] if _ready else None


def warm() -> threading.Thread:
    """Compile in the background, once; the thread ends when the compiled loop is ready or cannot be had.

    It is no daemon: an interpreter that ends waits for it, since a compiler cannot be stopped half way.
    """
    with _lock_of_warming:
        if not _warming:
            _warming.append(threading.Thread(target=compiled, name="engine-warm-up"))
            _warming[0].start()
        return _warming[0]


def _compile() -> RunBars:
    """Compile for the argument types of a run and try the result on one bar."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numba's remarks on its own future
        numba: Any = importlib.import_module("numba")
        extending: Any = importlib.import_module("numba.extending")
        for part in loop.PARTS:
            # nothing is allocated, so nothing need be counted; only the loop itself is called from outside
            extending.register_jitable(
                _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=part in loop.EVERY_BAR
            )(part)
        run = _cached(numba)
        from .simulate import smallest_run

        run((0, 1), *smallest_run())
    return run


def _cached(numba: Any) -> RunBars:
    """The loop as numba is to compile it, with a folder of its own on disk where one can be had.

    Numba's own cache looks for changes in one file only, and the loop is in several.
    """
    folder = cache_folder(loop.PARTS, numba.config.CACHE_DIR)
    if folder is None:
        return cast("RunBars", numba.njit(nogil=True, _nrt=False)(loop.run_bars))
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        return cast("RunBars", numba.njit(cache=True, nogil=True, _nrt=False)(loop.run_bars))
    except RuntimeError:  # the folder cannot be written any more
        return cast("RunBars", numba.njit(nogil=True, _nrt=False)(loop.run_bars))
    finally:
        numba.config.CACHE_DIR = before
