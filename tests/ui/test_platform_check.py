"""Where no window can be opened, a sentence says why, and Qt does not end the program."""

import contextlib
import ctypes
import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QObject

from builder_app.ui.platform_check import NO_DISPLAY, PACKAGES, missing_library_sentence, why_no_window
from tests.environments import CHECKOUT

VARIABLES: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XAUTHORITY")
linux_only: Final = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are found so on Linux")
needs_xvfb: Final = pytest.mark.skipif(
    shutil.which("Xvfb") is None, reason="Xvfb is not installed (Debian: apt install xvfb)"
)


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("trouble", "library", "package"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "libEGL.so", "libegl1"),
        ("libGL.so.1: cannot open shared object file: No such file or directory", "libGL.so", "libgl1"),
        ("libxcb-cursor.so.0: cannot open shared object file", "libxcb-cursor.so", "libxcb-cursor0"),
        ("libxkbcommon-x11.so.0: cannot open shared object file", "libxkbcommon-x11.so", "libxkbcommon-x11-0"),
        ("libglib-2.0.so.0: cannot open shared object file", "libglib-2.0.so", "libglib2.0-0"),
        ("libdbus-1.so.3: cannot open shared object file", "libdbus-1.so", "libdbus-1-3"),
    ],
)
def test_missing_library_is_named_with_its_package(trouble: str, library: str, package: str) -> None:
    sentence = missing_library_sentence(trouble)
    assert f"the system library {library}, which is missing" in sentence
    assert f"apt install {package};" in sentence
    assert "strategy-builder run --help" in sentence


def test_library_of_an_unknown_package_names_all_that_qt_needs() -> None:
    sentence = missing_library_sentence("libnew-thing.so.7: cannot open shared object file")
    assert "libnew-thing.so" in sentence
    assert "libegl1 libgl1" in sentence


def test_trouble_of_another_kind_is_passed_on() -> None:
    assert "wrong ELF class" in missing_library_sentence("wrong ELF class")


@linux_only
@pytest.mark.skipif(shutil.which("ldd") is None, reason="ldd is not there to list what Qt links to")
def test_every_system_library_that_qt_links_to_has_its_package() -> None:
    folder = Path(str(importlib.import_module("PySide6").__file__)).parent
    files = [folder / "Qt/plugins/platforms/libqxcb.so", folder / "Qt/plugins/platforms/libqwayland.so"]
    files += [folder / f"Qt{name}.abi3.so" for name in ("Core", "Gui", "Widgets")]
    found = subprocess.run(["ldd", *filter(Path.exists, files)], capture_output=True, text=True, check=True).stdout
    direct = {line.split()[0] for line in found.splitlines() if "=>" in line and str(folder) not in line}
    named = {f"{name.partition('.so')[0]}.so" for name in direct}
    # Others are what any Python has, or what the packages of these bring along.
    ours = {name for name in named if name.startswith(("libxcb", "libxkb", "libEGL", "libGL", "libX11-", "libwayland"))}
    assert len(ours) > 10
    assert ours <= PACKAGES.keys() | {"libGLdispatch.so"}  # which libGL brings along


@pytest.mark.parametrize("trouble", ["libEGL.so.1: cannot open shared object file: No such file or directory"])
def test_qt_that_cannot_be_loaded_is_said(monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    def broken(name: str) -> None:
        raise ImportError(trouble)

    monkeypatch.setattr(importlib, "import_module", broken)
    sentence = why_no_window()
    assert sentence is not None
    assert "apt install libegl1" in sentence


@linux_only
def test_plugin_that_cannot_be_loaded_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(ctypes, "CDLL", broken)
    sentence = why_no_window()
    assert sentence is not None
    assert "apt install libxcb-cursor0" in sentence


@linux_only
def test_no_display_is_said() -> None:
    assert why_no_window() == NO_DISPLAY


@linux_only
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DISPLAY": ":987"}, "':987' (DISPLAY)"),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":987"}, "':987' (DISPLAY)"),
        ({"QT_QPA_PLATFORM": "xcb"}, "no display"),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, "no display"),
        ({"WAYLAND_DISPLAY": "wayland-987"}, "'wayland-987' (WAYLAND_DISPLAY)"),
        ({"WAYLAND_DISPLAY": "wayland-987", "DISPLAY": ":987"}, "'wayland-987' (WAYLAND_DISPLAY)"),
    ],
)
def test_display_that_does_not_answer_is_said(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    sentence = why_no_window()
    assert sentence is not None
    assert words in sentence
    assert "strategy-builder run --help" in sentence


@linux_only
def test_platform_without_a_display_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert why_no_window() is None


@contextlib.contextmanager
def display() -> Iterator[str]:
    """A display of its own, at a number that Xvfb finds free."""
    ours, theirs = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(theirs,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    try:
        with os.fdopen(ours) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait(20)


def opened(home: Path, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {"STRATEGY_BUILDER_HOME": str(home), "PYTHONPATH": str(CHECKOUT), **variables}
    return subprocess.Popen(
        [sys.executable, "-m", "builder_app", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=home,
    )  # fmt: skip


@linux_only
@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ":987"}], ids=["no-display", "silent-display"])
def test_program_without_a_display_ends_with_a_sentence(tmp_path: Path, variables: dict[str, str]) -> None:
    process = opened(tmp_path, **variables)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "strategy-builder run --help" in err
    assert list(tmp_path.iterdir()) == []


@linux_only
@needs_xvfb
def test_window_opens_on_a_display_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with display() as number:
        process = opened(tmp_path, "open", "--example", "moving_average_crossover", DISPLAY=number)
        try:
            deadline = time.monotonic() + 60
            while not (tmp_path / "strategies.db").exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(3)
            assert process.poll() is None, process.communicate()
        finally:
            process.terminate()
            out, err = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert (out, err) == ("", "")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there, and has no references to count")
def test_calls_without_a_result_drop_no_reference_of_none() -> None:
    thing = QObject()
    calls = 500
    before = sys.getrefcount(None)
    for _ in range(calls):
        thing.setObjectName("name")
        thing.blockSignals(False)
    lost = before - sys.getrefcount(None)
    assert abs(lost) < calls // 5  # PySide6 6.12.0 loses one a call; other threads move it a little
