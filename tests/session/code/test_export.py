"""An exported folder: what is in it, that it is whole or not there, and that it gives the same numbers elsewhere."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import pytest

from builder_app.flow.codec import loads
from builder_app.flow.explaining import explain
from builder_app.market import prices as prices_package
from builder_app.market.library import Library
from builder_app.quicktest import engine as engine_package
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.code.export import (
    Export,
    ExportRefused,
    check_folder,
    exported_files,
    price_symbols,
    write_folder,
)
from builder_app.session.runs import one_run
from builder_app.session.runs.one_run import load_panel, read_flow, test_flow
from tests.codegen.flows import CATALOGUE
from tests.environments import CHECKOUT, python_with
from tests.ground import lasting_runner

RESOURCES: Final = CHECKOUT / "resources"
SAMPLE: Final = RESOURCES / "samples" / "stocks.csv.gz"
EXAMPLES: Final = RESOURCES / "examples"
USUAL: Final = {"bollinger_long_short", "moving_average_crossover", "momentum_rank", "turtle_breakout"}
NAMES: Final = [
    name if name in USUAL else pytest.param(name, marks=pytest.mark.long)
    for name in sorted(path.name.removesuffix(".flow.json") for path in EXAMPLES.glob("*.flow.json"))
]
"""Every ready-made strategy; most of them in the long run only."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library with the sample prices."""
    made = Library(tmp_path_factory.mktemp("library"))
    made.install_sample(SAMPLE)
    return made


@pytest.fixture(scope="module")
def exported(library: Library) -> Iterator[Callable[..., Export]]:
    """The export of an example, tested on a set-up; each of them once."""

    @cache
    def tested(name: str, config: TestConfig) -> one_run.Tested:
        panel = partial(load_panel, library=lambda: library, files=None)
        return test_flow(read_flow(Path(name), EXAMPLES), config, lambda: CATALOGUE, panel, lambda _: None)

    def export(name: str, config: TestConfig | None = None, *, with_prices: bool = True) -> Export:
        asked = config or TestConfig()
        found = tested(name, asked)
        flow, program, result = found.flow, found.generated.program, found.outcome
        assert program is not None
        assert isinstance(result, RunResult)
        text = library.csv_text(price_symbols(asked, result, program)) if with_prices else None
        return Export(flow, program, asked, result, text, explain(flow, CATALOGUE).text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one_run, "Runner", lasting_runner)
        yield export


@pytest.fixture(scope="module")
def bare_python(exported: Callable[..., Export]) -> Path:
    """A Python that has what requirements.txt names, and nothing of this program."""
    requirements = exported_files(exported("rsi_reversal"))["requirements.txt"].splitlines()
    python = python_with("export", requirements)
    gone = subprocess.run([python, "-I", "-c", "import builder_app"], capture_output=True, check=False)
    assert gone.returncode != 0
    return python


def run_strategy(python: Path, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    # -E and -s: nothing of the tests' own settings; the folder of strategy.py itself is where engine/ is found.
    command = [python, "-E", "-s", "-B", folder / "strategy.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=folder.parent)


def assert_same_metrics(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)), name


def test_the_folder_holds_what_was_tested_byte_for_byte(exported: Callable[..., Export], tmp_path: Path) -> None:
    export = exported("moving_average_crossover")
    write_folder(tmp_path / "given", exported_files(export))
    folder = tmp_path / "given"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md", "config.json", "engine", "expected.json", "flow.json", "prices", "prices.csv",
        "requirements.txt", "strategy.py",
    ]  # fmt: skip
    assert (folder / "strategy.py").read_bytes() == export.program.source.encode()
    for name, package in (("engine", engine_package), ("prices", prices_package)):
        own = {path.name: path.read_bytes() for path in Path(str(package.__file__)).parent.glob("*.py")}
        assert {path.name: path.read_bytes() for path in (folder / name).iterdir()} == own
    assert loads((folder / "flow.json").read_bytes()) == export.flow
    config = json.loads((folder / "config.json").read_text())
    assert config["stock_pool"] == list(export.result.symbols)
    expected = json.loads((folder / "expected.json").read_text())
    assert expected["code_hash"] == hashlib.sha256((folder / "strategy.py").read_bytes()).hexdigest()
    assert expected["data_fingerprint"] == export.result.data_fingerprint
    assert expected["trades"] == len(export.result.trades) > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_is_ten_lines_and_names_only_files_that_are_there(
    exported: Callable[..., Export], name: str
) -> None:
    for with_prices in (True, False):
        files = exported_files(exported(name, with_prices=with_prices))
        readme = files["README.md"]
        assert len(readme.splitlines()) <= 10
        assert readme.splitlines()[1].startswith("Buy when ")
        named = re.findall(r"`([\w/]+(?:\.\w+|/))`", readme)
        assert len(named) >= 5
        assert not [place for place in named if not any(file.startswith(place) for file in files)]
        assert ("python strategy.py prices.csv" in readme) is with_prices
        assert ("prices.csv" in files) is with_prices


def test_nothing_more_is_required_than_is_imported(exported: Callable[..., Export]) -> None:
    files = exported_files(exported("rsi_reversal"))
    assert [line.split("==")[0] for line in files["requirements.txt"].splitlines()] == ["numpy", "TA-Lib"]
    texts = "\n".join(text for file, text in files.items() if file.endswith(".py"))
    imported = set(re.findall(r"^\s*(?:import|from) ([a-z_]+)", texts, re.MULTILINE))
    assert imported & {"numpy", "talib", "pandas", "scipy", "builder_app", "pyarrow"} == {"numpy", "talib"}


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_gives_the_same_numbers_where_this_program_is_not(
    exported: Callable[..., Export], bare_python: Path, tmp_path: Path, name: str
) -> None:
    export = exported(name)
    folder = tmp_path / "a folder with spaces"
    write_folder(folder, exported_files(export))
    expected = json.loads((folder / "expected.json").read_text())
    for prices in (folder / "prices.csv", SAMPLE):
        done = run_strategy(bare_python, folder, prices, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        found = json.loads(done.stdout)
        assert found["data_fingerprint"] == expected["data_fingerprint"]
        assert_same_metrics(found["metrics"], expected["metrics"])
        assert found["notes"] == list(export.result.notes)


def test_the_folder_obeys_its_set_up_with_a_benchmark_outside_the_pool(
    exported: Callable[..., Export], bare_python: Path, tmp_path: Path
) -> None:
    config = TestConfig(
        start_date=None, stock_pool=("MSFT", "GOOG"), benchmark="IBM", lot_size=10.0, minimum_commission=2.0
    )
    export = exported("bollinger_long_short", config)
    write_folder(tmp_path / "given", exported_files(export))
    expected = json.loads((tmp_path / "given" / "expected.json").read_text())
    done = run_strategy(bare_python, tmp_path / "given", tmp_path / "given" / "prices.csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["data_fingerprint"] == expected["data_fingerprint"]
    assert_same_metrics(found["metrics"], expected["metrics"])


def test_the_folder_says_what_is_wrong_with_prices(
    exported: Callable[..., Export], bare_python: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "given"
    write_folder(folder, exported_files(exported("rsi_reversal", with_prices=False)))
    bad = tmp_path / "bad.csv"
    bad.write_text("Symbol,Date,Open,High,Low,Close,Volume\nAAPL,2020-01-01,1,2,0,1,5\n")
    for prices, words in ((bad, "bad.csv, line 2"), (tmp_path / "none.csv", "none.csv")):
        done = run_strategy(bare_python, folder, prices)
        assert done.returncode == 1
        assert done.stdout == ""
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert run_strategy(bare_python, folder).returncode == 2


@pytest.mark.parametrize("content", ["file in it", "a file itself"])
def test_a_folder_with_something_in_it_is_never_touched(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "given"
    if content == "a file itself":
        folder.write_text("mine")
    else:
        folder.mkdir()
        (folder / ".hidden").write_text("mine")
    with pytest.raises(ExportRefused, match="is not an empty folder"):
        check_folder(folder)
    with pytest.raises(ExportRefused, match="is not an empty folder"):
        write_folder(folder, {"README.md": "text"})
    assert [path.name for path in tmp_path.iterdir()] == ["given"]


def test_an_empty_folder_is_filled_and_folders_above_are_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "new" / "deep"):
        write_folder(folder, {"a/b.txt": "text\r\nä\n"})
        assert (folder / "a" / "b.txt").read_bytes() == "text\r\nä\n".encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "new"]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_folder_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    write_bytes = Path.write_bytes
    written: list[Path] = []

    def failing(path: Path, content: bytes) -> int:
        if len(written) == 2:
            raise fault
        written.append(path)
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises((ExportRefused, KeyboardInterrupt)) as caught:
        write_folder(tmp_path / "given", {"one": "1", "two": "2", "three": "3"})
    if isinstance(fault, OSError):
        assert "No space left on device; choose another place." in str(caught.value)
    assert len(written) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportRefused, match="choose another place"):
        write_folder(tmp_path / "file" / "below", {"one": "1"})


def test_a_name_of_many_lines_stays_one_heading(exported: Callable[..., Export]) -> None:
    export = exported("rsi_reversal")
    named = replace(export, flow=replace(export.flow, name="One\n\n```\nrm"))
    assert exported_files(named)["README.md"].splitlines()[0] == "# One ``` rm"
    assert len(exported_files(named)["README.md"].splitlines()) <= 10


def test_a_folder_moved_elsewhere_works_all_the_same(
    exported: Callable[..., Export], bare_python: Path, tmp_path: Path
) -> None:
    write_folder(tmp_path / "given", exported_files(exported("rsi_reversal")))
    shutil.move(tmp_path / "given", tmp_path / "elsewhere")
    done = run_strategy(bare_python, tmp_path / "elsewhere", tmp_path / "elsewhere" / "prices.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Total return" in done.stdout
