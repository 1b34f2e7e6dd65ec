import subprocess
import sys
from pathlib import Path

from builder_app.market import prices
from builder_app.market.exported import prices_files
from builder_app.market.prices import read_prices
from tests.market.csv_files import SAMPLE

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from prices import read_prices
panel = read_prices([sys.argv[2]], ["MSFT", "AAPL"], "2005-01-01", "2009-12-31")
print(panel.fingerprint)
loaded = [name for name in sys.modules if name.split(".")[0] in ("builder_app", "pyarrow", "talib", "PySide6")]
print(loaded)
"""


def test_the_exported_package_is_the_one_that_runs_here() -> None:
    folder = Path(prices.__file__).parent
    assert set(prices_files()) == {path.name for path in folder.glob("*.py")}
    assert all((folder / name).read_text(encoding="utf-8") == text for name, text in prices_files().items())


def test_the_exported_package_reads_the_same_prices_where_this_program_is_not(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    for name, text in prices_files().items():
        (tmp_path / "prices" / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-c", PROGRAM, str(tmp_path), str(SAMPLE)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout.splitlines()
    expected = read_prices([SAMPLE], ["MSFT", "AAPL"], "2005-01-01", "2009-12-31")
    assert output == [expected.fingerprint, "[]"]
