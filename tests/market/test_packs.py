"""A pack gives the panel of its files bit for bit, and is never taken where it could be another one."""

import datetime
import time
from pathlib import Path

import numpy as np
import pytest

from builder_app.market import keeping
from builder_app.market.importing.preparing import Accepted, accepted_symbol
from builder_app.market.library import Library
from builder_app.market.packs import FOLDER, LEAST_SYMBOLS
from builder_app.market.prices.reading import Arranged
from tests.market.csv_files import GOOD, import_files, random_bars, written
from tests.market.importing.faulty_rows import DAY, quiet, some_rows


def fill(folder: Path, symbols: int, bars: int) -> Library:
    """A library of symbols with different histories."""
    library = Library(folder)
    rows = some_rows(5)
    wishes = []
    for number in range(symbols):
        own = bars - number % 7
        raw = random_bars(own, seed=number)
        times = np.arange(bars - own, bars, dtype=np.int64) * DAY
        wishes.append(Accepted(f"S{number:03}", Arranged(times, "daily", raw), rows))
    keeping.keep(folder, keeping.Wish(wishes, "made"), quiet)
    return library


def the_pack(folder: Path) -> Path:
    (pack,) = (folder / FOLDER).glob("*.pack")
    return pack


def test_a_packed_pool_is_the_panel_of_its_files(tmp_path: Path) -> None:
    slow = fill(tmp_path, LEAST_SYMBOLS, 60).load()
    assert the_pack(tmp_path).exists()
    packed = Library(tmp_path).load()
    assert packed.fingerprint == slow.fingerprint
    assert packed.remarks == slow.remarks
    for name in ("times", "open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(getattr(packed, name), getattr(slow, name))
    start = datetime.date(1970, 2, 1)
    assert Library(tmp_path).load((), start).fingerprint == slow_cut(tmp_path, start)


def slow_cut(folder: Path, start: datetime.date) -> str:
    the_pack(folder).unlink()
    return Library(folder).load((), start).fingerprint


def test_a_pack_is_not_taken_when_a_file_was_changed_added_or_removed(tmp_path: Path) -> None:
    library = fill(tmp_path / "prices", LEAST_SYMBOLS + 1, 30)
    library.load()
    import_files(library, [written(tmp_path, GOOD, "S000.csv")])
    assert len(Library(library.folder).load(("S000",)).times) == 3
    fresh = Library(library.folder).load()
    assert (~np.isnan(fresh.close[:, 0])).sum() == 3
    library.remove("S001")
    assert "S001" not in Library(library.folder).load().symbols
    import_files(library, [written(tmp_path, GOOD, "NEW.csv")])
    assert "NEW" in Library(library.folder).load().symbols


def test_a_flipped_bit_anywhere_in_a_pack_never_changes_a_price(tmp_path: Path) -> None:
    whole = fill(tmp_path, LEAST_SYMBOLS, 20).load().fingerprint
    pack = the_pack(tmp_path)
    content = pack.read_bytes()
    for place in range(3, len(content), len(content) // 60):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        pack.write_bytes(damaged)
        panel = Library(tmp_path).load()
        assert panel.fingerprint == whole
        assert not np.isnan(panel.close[-1]).any()
        from builder_app.market.prices import make_panel
        from builder_app.market.prices.panel import FIELDS

        fields = {name: getattr(panel, name) for name in FIELDS}
        assert make_panel(panel.symbols, panel.times, fields).fingerprint == whole
    pack.write_bytes(content[: len(content) // 2])
    assert Library(tmp_path).load().fingerprint == whole


def test_an_import_of_many_symbols_leaves_a_pack_for_the_next_test(tmp_path: Path) -> None:
    lines = ["Symbol,Date,Open,High,Low,Close,Volume"]
    for number in range(LEAST_SYMBOLS):
        lines += [f"S{number:03},2020-01-0{day},10,12,9,11,100" for day in range(1, 6)]
    library = Library(tmp_path / "prices")
    import_files(library, [written(tmp_path, "\n".join(lines), "many.csv")])
    assert the_pack(library.folder).exists()
    assert Library(library.folder).load().fingerprint == library.load().fingerprint


def test_few_symbols_are_not_packed(tmp_path: Path) -> None:
    fill(tmp_path, LEAST_SYMBOLS - 1, 10).load()
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.long
def test_five_hundred_symbols_of_ten_years_are_read_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    fill(tmp_path, 500, 2500).load()
    took = []
    for _ in range(5):
        library = Library(tmp_path)  # knows nothing yet; the files are in the system's memory
        began = time.perf_counter()
        panel = library.load()
        took.append(time.perf_counter() - began)
        assert panel.close.shape == (2500, 500)
    assert min(took) <= 0.1, took


def test_accepting_rows_without_repairs_gives_their_bars() -> None:
    assert len(accepted_symbol("ABC", some_rows(9), ()).bars.times) == 9
