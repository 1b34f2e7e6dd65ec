import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.market.bar_files import file_name
from builder_app.market.library import ImportCancelled, Library
from builder_app.market.prices import FIELDS, PricesUnreadable, read_prices
from tests.market.csv_files import GOOD, SAMPLE, are_sentences, import_files, random_bars, written


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library(tmp_path_factory.mktemp("library"))
    library.install_sample(SAMPLE)
    return library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def _refused(library: Library, *pool: str) -> tuple[str, ...]:
    with pytest.raises(PricesUnreadable) as caught:
        library.load(pool)
    assert are_sentences(caught.value.problems)
    return caught.value.problems


CHOICES = [
    ((), None, None),
    (("MSFT", "AAPL"), None, None),
    (("FB",), "2012-06-01", "2012-12-31"),
    ((), "2003-01-01", "2010-12-31"),
    (("GOOG", "IBM"), "2004-01-01", "2005-01-01"),
]


@pytest.mark.parametrize(("pool", "start", "end"), CHOICES)
def test_the_library_gives_the_floats_that_the_file_gives(
    sampled: Library, pool: tuple[str, ...], start: str | None, end: str | None
) -> None:
    direct = read_prices([SAMPLE], pool, start, end)
    stored = sampled.load(pool, start, end)  # type: ignore[arg-type]
    assert stored.fingerprint == direct.fingerprint
    assert (stored.symbols, stored.remarks, stored.frequency) == (direct.symbols, direct.remarks, direct.frequency)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(stored, name), getattr(direct, name))


def test_what_the_library_writes_as_csv_is_read_back_bit_for_bit(sampled: Library, tmp_path: Path) -> None:
    text = sampled.csv_text()
    assert read_prices([written(tmp_path, text)]).fingerprint == sampled.load().fingerprint
    assert sampled.csv_text() == text


def test_exported_symbols_give_the_panel_of_the_same_pool(sampled: Library, tmp_path: Path) -> None:
    path = written(tmp_path, sampled.csv_text(("MSFT", "AAPL")))
    assert read_prices([path], ("MSFT", "AAPL")).fingerprint == sampled.load(("MSFT", "AAPL")).fingerprint


def test_intraday_bars_keep_every_nanosecond_through_library_and_csv(library: Library, tmp_path: Path) -> None:
    rows = [f"2020-01-02 09:{minute}:00.123456789,10,11,9,10,1" for minute in range(30, 45)]
    path = written(tmp_path, "Date,Open,High,Low,Close,Volume\n" + "\n".join(rows))
    import_files(library, [path])
    panel = library.load(frequency="1min")
    assert panel.fingerprint == read_prices([path]).fingerprint
    assert str(panel.times[0]).endswith("09:30:00.123456789")
    text = written(tmp_path, library.csv_text(frequency="1min"), "again.csv")
    assert read_prices([text]).fingerprint == panel.fingerprint
    assert _refused(library)[0].startswith("ABC has too few 1min bars to make a daily one")


def test_each_symbol_is_described(sampled: Library) -> None:
    infos = {info.symbol: info for info in sampled.symbols()}
    assert list(infos) == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
    assert (infos["FB"].bars, str(infos["FB"].start), str(infos["FB"].end)) == (196, "2012-05-18", "2013-03-01")
    assert infos["FB"].source == "stocks.csv.gz"
    assert infos["FB"].frequency == "daily"
    assert infos["FB"].fingerprint == sampled.load(("FB",)).fingerprint
    assert infos["FB"].imported_at.tzinfo is not None


def test_remarks_of_the_import_are_kept_with_the_symbol(library: Library, tmp_path: Path) -> None:
    head, *rows = GOOD.splitlines()
    report = import_files(library, [written(tmp_path, "\n".join([head, *reversed(rows)]))])
    sentence = "The rows of ABC in ABC.csv were not in order of date; they were sorted."
    assert report.remarks == (sentence,)
    assert library.load().remarks == (sentence,)
    assert library.symbols()[0].remarks == (sentence,)


def test_a_second_import_takes_the_place_of_the_first(library: Library, tmp_path: Path) -> None:
    import_files(library, [written(tmp_path, GOOD)])
    before = library.load()
    report = import_files(library, [written(tmp_path, GOOD.replace("12,14,11,13,300", "12,14,11,12,300"))])
    assert (report.symbols, report.replaced) == (("ABC",), ("ABC",))
    assert (before.close[-1, 0], library.load().close[-1, 0]) == (13, 12)


def test_the_sample_leaves_the_strategists_own_prices_alone(library: Library, tmp_path: Path) -> None:
    import_files(library, [written(tmp_path, GOOD, "IBM.csv")])
    report = library.install_sample(SAMPLE)
    assert report.symbols == ("AAPL", "FB", "GOOG", "MSFT")
    assert report.remarks == ("IBM was in the library already; it was left as it is.",)
    assert len(library.load(("IBM",)).times) == 3


def test_the_sample_comes_back_where_it_is_asked_to_replace(library: Library, tmp_path: Path) -> None:
    library.install_sample(SAMPLE)
    before = library.load().fingerprint
    import_files(library, [written(tmp_path, GOOD, "IBM.csv")])
    assert library.load().fingerprint != before
    report = library.install_sample(SAMPLE, replace_all=True)
    assert "IBM" in report.replaced
    assert library.load().fingerprint == before


def test_nothing_is_written_when_one_of_the_files_is_bad(library: Library, tmp_path: Path) -> None:
    good = written(tmp_path, GOOD, "GOOD.csv")
    bad = written(tmp_path, GOOD.replace("11,13,10,12", "11,13,0,12"), "BAD.csv")
    with pytest.raises(PricesUnreadable, match=r"BAD\.csv, line 3"):
        import_files(library, [good, bad])
    assert list(library.folder.iterdir()) == []


def test_a_cancelled_import_leaves_the_library_as_it_was(library: Library) -> None:
    library.install_sample(SAMPLE)
    before = {path.name: path.read_bytes() for path in library.folder.iterdir()}
    refused = 0
    while refused < 100:
        asked: list[bool] = []

        def cancelled(patience: int = refused, asked: list[bool] = asked) -> bool:
            asked.append(True)
            return len(asked) > patience

        try:
            report = import_files(library, [SAMPLE], cancelled=cancelled)
        except ImportCancelled:
            refused += 1
            assert {path.name: path.read_bytes() for path in library.folder.iterdir()} == before
        else:
            break
    assert refused > 6
    assert len(report.replaced) == 5


def test_a_disk_that_refuses_leaves_the_library_as_it_was(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written_files: list[int] = []

    def full(handle: int) -> None:
        written_files.append(handle)
        if len(written_files) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        library.install_sample(SAMPLE)
    assert list(library.folder.iterdir()) == []


def test_progress_runs_from_nothing_to_all(library: Library) -> None:
    told: list[tuple[str, float]] = []
    import_files(library, [SAMPLE], on_progress=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert any("GOOG" in stage for stage, _ in told)


def test_a_damaged_file_is_a_sentence_and_the_others_still_load(library: Library) -> None:
    library.install_sample(SAMPLE)
    path = library.folder / file_name("IBM", "daily")
    content = path.read_bytes()
    whole = library.load(("IBM", "AAPL")).fingerprint
    said = 0
    for place in range(len(content) // 80, len(content), len(content) // 40):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        fresh = Library(library.folder)
        panel = fresh.load()
        if "IBM" in panel.symbols:
            # A flipped bit that says nothing about the bars may pass, but never a changed price.
            assert fresh.load(("IBM", "AAPL")).fingerprint == whole
            continue
        said += 1
        assert panel.symbols == ("AAPL", "FB", "GOOG", "MSFT")
        assert panel.remarks[:1] == _refused(fresh, "IBM", "AAPL")
        assert fresh.load(("AAPL",)).symbols == ("AAPL",)
    assert said >= 38


def test_a_file_cut_short_is_a_sentence(library: Library) -> None:
    library.install_sample(SAMPLE)
    path = library.folder / file_name("IBM", "daily")
    path.write_bytes(path.read_bytes()[:-1000])
    assert _refused(library, "IBM")[0].startswith(f"The stored prices of IBM ({path}) are damaged; import them again")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all" * 20])
def test_a_file_that_is_not_parquet_is_listed_as_damaged_and_can_be_removed(library: Library, content: bytes) -> None:
    library.install_sample(SAMPLE)
    (library.folder / file_name("IBM", "daily")).write_bytes(content)
    assert len(library.symbols()) == 4
    (sentence,) = library.damaged()
    assert "prices of IBM" in sentence
    library.remove("IBM")
    assert library.damaged() == ()


def test_a_file_that_was_renamed_to_another_symbol_is_not_taken_for_it(library: Library) -> None:
    library.install_sample(SAMPLE)
    (library.folder / file_name("IBM", "daily")).rename(library.folder / file_name("ORCL", "daily"))
    assert [info.symbol for info in library.symbols()] == ["AAPL", "FB", "GOOG", "MSFT"]
    assert "prices of ORCL" in _refused(library, "ORCL")[0]


def test_removing_takes_one_symbol_away_and_says_when_there_is_none(library: Library) -> None:
    library.install_sample(SAMPLE)
    library.remove("IBM")
    assert [info.symbol for info in library.symbols()] == ["AAPL", "FB", "GOOG", "MSFT"]
    with pytest.raises(PricesUnreadable, match="There is no symbol GOGG in the library; did you mean GOOG"):
        library.remove("GOGG")
    assert _refused(library, "IBM")[0].startswith("There is no symbol IBM in the library")


def test_an_empty_library_says_what_to_do(library: Library) -> None:
    assert library.symbols() == ()
    assert _refused(library)[0].endswith("import a CSV file, or install the sample.")
    sentence = "There is no symbol AAPL in the library; it is empty; import prices for AAPL."
    assert _refused(library, "AAPL") == (sentence,)


def test_a_loaded_panel_is_kept_until_its_files_change(library: Library, tmp_path: Path) -> None:
    library.install_sample(SAMPLE)
    first = library.load()
    assert library.load() is first
    started = time.perf_counter()
    for _ in range(20):
        library.load()
    assert (time.perf_counter() - started) / 20 < 0.01
    other = Library(library.folder)
    import_files(other, [written(tmp_path, GOOD, "NEW.csv")])
    assert "NEW" in library.load().symbols


AWKWARD = ["CON", "con", "Con", "aapl", "AAPL", "BRK.B", "..", "../x", "a/b", "NUL.parquet", "%41", "~", "x" * 60]


@settings(max_examples=60, deadline=None)
@given(
    symbols=st.sets(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60)
        | st.sampled_from(
            ["CON", "con", "Con", "aapl", "AAPL", "BRK.B", "..", "../x", "a/b", "NUL.parquet", "%41", "~"]
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_symbol_is_kept_under_a_name_of_its_own(
    symbols: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("library")
    library = Library(folder)
    names = {file_name(symbol, "daily").lower() for symbol in symbols}
    assert len(names) == len(symbols)
    assert all(len(name.encode()) < 250 and not set(name) & set('/\\:*?"<>|') for name in names)
    bars = random_bars(2)
    path = tmp_path_factory.mktemp("csv") / "all.csv"
    lines = ["Symbol;Date;Open;High;Low;Close;Volume"]
    for symbol in symbols:
        quoted = '"' + symbol.replace('"', '""') + '"'
        for row in range(2):
            numbers = ";".join(repr(float(bars[name][row])) for name in FIELDS)
            lines.append(f"{quoted};2020-01-0{row + 1};{numbers}")
    path.write_text("\n".join(lines), encoding="utf-8")
    import_files(library, [path])
    assert {info.symbol for info in library.symbols()} == symbols
    assert library.load().fingerprint == read_prices([path]).fingerprint
    assert sorted(one.parent for one in folder.rglob("*")) == [folder] * len(symbols)
