"""The compiled loop's folder is named by every file that it is made from, and old ones go."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from builder_app.quicktest.engine import accelerate, book, compiled_cache, entering, leaving, loop, portfolio
from builder_app.quicktest.engine.compiled_cache import cache_folder, digest_of, sources_of

ENGINE = Path(loop.__file__).parent


def test_every_file_of_the_loop_counts() -> None:
    names = {path.name for path in sources_of(loop.PARTS)}
    modules = (loop, book, entering, leaving, portfolio)
    assert names >= {Path(module.__file__ or "").name for module in modules}
    own = "book.py deciding.py entering.py leaving.py loop.py portfolio.py resizing.py watching.py"
    assert names == set(own.split())


@pytest.mark.parametrize("changed", ["book.py", "leaving.py", "loop.py"])
def test_changed_file_is_another_folder_and_the_stale_one_goes(tmp_path: Path, changed: str) -> None:
    copy = tmp_path / "engine"
    shutil.copytree(ENGINE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    sources = [copy / path.name for path in sources_of(loop.PARTS)]
    before = digest_of(sources)
    (copy / changed).write_text((copy / changed).read_text() + "\n# changed\n")
    assert digest_of(sources) != before

    stale = tmp_path / "chosen"
    folder = cache_folder(loop.PARTS, str(stale))
    assert folder is not None
    assert digest_of(sources_of(loop.PARTS)) in folder.name
    old = folder.parent / f"{compiled_cache.PREFIX}0123"
    old.mkdir()
    assert cache_folder(loop.PARTS, str(stale)) == folder
    assert not old.exists()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever may write everywhere is not stopped"
)
def test_without_a_place_to_write_there_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o500)
    monkeypatch.setattr(compiled_cache, "_places", lambda beside, chosen: iter([tmp_path / "none"]))
    assert cache_folder(loop.PARTS) is None


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from engine import accelerate, loop, simulate
run = accelerate.compiled()
assert run is not None, accelerate._failed
test, book = simulate.smallest_run()
run((0, 1), test, book)
hits = sum(run.stats.cache_hits.values())
print(hits, book.equity[0])
"""


@pytest.mark.long
def test_exported_copy_compiles_anew_when_any_of_its_files_changes(tmp_path: Path) -> None:
    """Numba alone would run the old code: it looks for changes in the file of `run_bars` only."""
    if importlib.util.find_spec("numba") is None:
        pytest.skip("numba is not installed")
    shutil.copytree(ENGINE, tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))

    def said() -> list[str]:
        command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    assert said() == ["0", "1.0"]
    assert said() == ["1", "1.0"]
    changed = tmp_path / "engine" / "loop.py"
    other = tmp_path / "engine" / "book.py"
    other.write_text(other.read_text().replace("CASH, HELD_BACK, OPEN_EQUITY", "HELD_BACK, CASH, OPEN_EQUITY"))
    assert changed.read_bytes() == (ENGINE / "loop.py").read_bytes()
    assert said() == ["0", "1.0"]
    kept = list((tmp_path / "engine" / "__pycache__" / "compiled").iterdir())
    assert len(kept) == 1


def test_loop_runs_without_any_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    numba = pytest.importorskip("numba")
    monkeypatch.setattr(accelerate, "cache_folder", lambda parts, chosen: None)
    before = numba.config.CACHE_DIR
    assert accelerate._cached(numba) is not None
    assert before == numba.config.CACHE_DIR
