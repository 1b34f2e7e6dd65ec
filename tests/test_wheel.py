"""The wheel: what is in it, what it says of itself, and that everything works from it in any folder."""

import email.message
import email.parser
import json
import os
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from builder_app import __version__
from tests.environments import CHECKOUT

SHIPPED: Final = ("resources", "migrations")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> email.message.Message:
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.parser.Parser().parsestr(archive.read(name).decode("utf-8"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of scripts of an environment with the wheel, which borrows our environment's other packages."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--disable-pip-version-check", str(wheel)], check=True)
    variables = {"base": str(folder), "platbase": str(folder)}
    own = Path(sysconfig.get_path("purelib", "venv", variables))
    # A .pth file adds a folder, but not that folder's own .pth files: the checkout stays out of sight.
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts


def said(installed: Path, folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"STRATEGY_BUILDER_HOME": str(folder / "home"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [installed / program, *arguments],
        capture_output=True, text=True, encoding="utf-8", env=environment, cwd=folder, check=False,
    )  # fmt: skip


def test_everything_that_ships_lies_inside_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    present = [
        path
        for folder in ("builder_app", *SHIPPED)
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(present) > 200
    for path in present:
        name = path.relative_to(CHECKOUT).as_posix()
        place = name if name.startswith("builder_app/") else f"builder_app/{name}"
        assert inside[place] == path.read_bytes(), name
    assert {name.split("/")[0] for name in inside} == {"builder_app", f"strategy_builder-{__version__}.dist-info"}
    assert not [name for name in inside if "__pycache__" in name or name.endswith(".pyc")]


def test_the_wheel_says_licence_python_and_name(metadata: email.message.Message) -> None:
    assert metadata["Name"] == "strategy-builder"
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"
    accepted = SpecifierSet(metadata["Requires-Python"])
    assert [accepted.contains(version) for version in ("3.10.14", "3.11.0", "3.13.1", "3.14.0")] == [
        False, True, True, True,
    ]  # fmt: skip


def test_every_requirement_has_a_lower_bound(metadata: email.message.Message) -> None:
    for text in metadata.get_all("Requires-Dist") or []:
        requirement = Requirement(text)
        assert [bound for bound in requirement.specifier if bound.operator in (">=", "==")], text


@pytest.mark.parametrize(
    ("python", "qt", "accepted"),
    [
        ("3.11", "6.7.3", False),
        ("3.11", "6.11.3", True),
        ("3.11", "6.12.0", False),
        ("3.12", "6.12.0", True),
        ("3.13", "6.13.0", True),
    ],
)
def test_qt_that_drops_references_of_none_is_kept_out(
    metadata: email.message.Message, python: str, qt: str, accepted: bool
) -> None:
    wanted = [Requirement(text) for text in metadata.get_all("Requires-Dist") or []]
    found = [each for each in wanted if each.name.lower() == "pyside6-essentials"]
    assert not [each for each in wanted if each.name.lower() in ("pyside6", "pyside6-addons")]
    (binding,) = (
        each for each in found if each.marker is not None and each.marker.evaluate({"python_version": python})
    )
    assert binding.specifier.contains(Version(qt)) is accepted


def test_no_requirement_is_copyleft_or_restricted(metadata: email.message.Message) -> None:
    forbidden = {"backtesting", "backtrader", "vectorbt", "freqtrade", "nautilus-trader", "qlib", "pyqt6", "pyqt5"}
    for text in metadata.get_all("Requires-Dist") or []:
        assert Requirement(text).name.lower() not in forbidden


def test_installed_program_runs_from_any_folder(installed: Path, tmp_path: Path) -> None:
    where = said(installed, tmp_path, "python", "-c", "import builder_app; print(builder_app.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)
    version = said(installed, tmp_path, "strategy-builder", "--version")
    assert (version.returncode, version.stdout, version.stderr) == (0, f"strategy-builder {__version__}\n", "")
    tested = said(installed, tmp_path, "strategy-builder", "run", "rsi_reversal", "--json")
    assert (tested.returncode, tested.stderr) == (0, "")
    assert json.loads(tested.stdout)["metrics"]["trade_count"] > 0
    listed = said(installed, tmp_path, "strategy-builder", "data", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["Symbol", "AAPL", "FB", "GOOG", "IBM", "MSFT"]
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_module_is_the_same_as_the_script(installed: Path, tmp_path: Path) -> None:
    for arguments in (["--version"], ["--help"], ["run", "none.json"], ["run"]):
        script = said(installed, tmp_path, "strategy-builder", *arguments)
        module = said(installed, tmp_path, "python", "-m", "builder_app", *arguments)
        assert (script.returncode, script.stdout, script.stderr) == (module.returncode, module.stdout, module.stderr)


def test_installed_program_finds_its_migrations_and_its_worker(installed: Path, tmp_path: Path) -> None:
    missing = said(installed, tmp_path, "strategy-builder", "export", "No such strategy", "-o", "given")
    assert missing.returncode == 1
    assert "There is no saved strategy 'No such strategy'" in missing.stderr
    assert (tmp_path / "home" / "strategies.db").is_file()
    exported = said(installed, tmp_path, "strategy-builder", "export", "bollinger_long_short", "-o", "given")
    assert (exported.returncode, exported.stderr) == (0, "")
    run = said(installed, tmp_path, "python", "given/strategy.py", "given/prices.csv", "--json")
    expected = json.loads((tmp_path / "given" / "expected.json").read_text(encoding="utf-8"))
    assert json.loads(run.stdout)["metrics"] == expected["metrics"]


def test_first_metrics_are_there_within_five_seconds_without_compiled_files(installed: Path, tmp_path: Path) -> None:
    seconds = []
    for attempt in range(3):  # the machine may be busy with other tests; what counts is what the program needs
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path / f"compiled-{attempt}")}
        environment["STRATEGY_BUILDER_HOME"] = str(tmp_path / f"home-{attempt}")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.pop("PYTHONPATH", None)
        command = [str(installed / "strategy-builder"), "run", "moving_average_crossover"]
        begun = time.perf_counter()
        subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=True)
        seconds.append(time.perf_counter() - begun)
        assert any((tmp_path / f"compiled-{attempt}").rglob("*.pyc")), "compiled files were taken from elsewhere"
        if seconds[-1] < 5.0:
            break
    assert min(seconds) < 5.0


def test_installed_window_opens_and_closes_without_a_display(installed: Path, tmp_path: Path) -> None:
    program = (
        "from PySide6.QtCore import QTimer\n"
        "from builder_app.main import application\n"
        "with application() as opened:\n"
        "    opened.start()\n"
        "    opened.window.commands.open_and_test_example('moving_average_crossover')\n"
        "    QTimer.singleShot(1500, opened.window.close)\n"
        "    raise SystemExit(opened.run())\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "STRATEGY_BUILDER_HOME": str(tmp_path / "home")}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [installed / "python", "-c", program],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stderr
