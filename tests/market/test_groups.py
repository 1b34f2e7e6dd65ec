"""Named groups of symbols and their sectors are kept, and a table of symbols is read in many forms."""

from pathlib import Path

import pandas as pd
import pytest

from builder_app.market.groups import FILE, GroupsFile, SymbolGroups, read_symbol_table
from builder_app.market.prices import PricesUnreadable
from tests.market.csv_files import written

TABLE = "Symbol,Sector,Group\nAAPL,Technology,Big\nXOM,Energy,Big\nMSFT,Technology,\n"


def test_groups_are_kept_changed_and_removed(tmp_path: Path) -> None:
    groups = GroupsFile(tmp_path)
    assert groups.read() == SymbolGroups()
    groups.keep_group("  Tech ", ["MSFT", "AAPL", "MSFT"])
    groups.keep_group("Öl & Gas", ["XOM"])
    assert GroupsFile(tmp_path).read().groups == {"Tech": ("MSFT", "AAPL"), "Öl & Gas": ("XOM",)}
    groups.keep_group("Tech", ["AAPL"])
    groups.remove_group("Öl & Gas")
    assert GroupsFile(tmp_path).read().groups == {"Tech": ("AAPL",)}


def test_wrong_groups_are_sentences(tmp_path: Path) -> None:
    groups = GroupsFile(tmp_path)
    with pytest.raises(PricesUnreadable, match="'Tech' has no symbols; choose at least one"):
        groups.keep_group("Tech", [])
    with pytest.raises(PricesUnreadable, match="needs a name"):
        groups.keep_group("  ", ["AAPL"])
    with pytest.raises(PricesUnreadable, match="There is no group 'Tech'; the groups are none yet"):
        groups.remove_group("Tech")


@pytest.mark.parametrize("content", ["", "[]", '{"version": 9, "groups": {}, "sectors": {}}', '{"version": 1}', "\x00"])
def test_a_damaged_file_of_groups_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(PricesUnreadable, match="are damaged; correct that file, or remove it"):
        GroupsFile(tmp_path).read()


def test_a_table_gives_sectors_and_groups(tmp_path: Path) -> None:
    table = read_symbol_table(written(tmp_path, TABLE, "table.csv"), "All")
    assert table.sectors == {"AAPL": "Technology", "XOM": "Energy", "MSFT": "Technology"}
    assert table.groups == {"Big": ("AAPL", "XOM"), "All": ("AAPL", "XOM", "MSFT")}
    groups = GroupsFile(tmp_path)
    groups.keep_group("Mine", ["IBM"])
    groups.take(table)
    assert set(groups.read().groups) == {"Mine", "Big", "All"}
    assert groups.read().sectors == table.sectors


def test_a_table_may_be_a_spreadsheet(tmp_path: Path) -> None:
    pd.DataFrame({"ticker": ["AAPL"], "industry": ["Tech"]}).to_excel(tmp_path / "t.xlsx", index=False)
    assert read_symbol_table(tmp_path / "t.xlsx").sectors == {"AAPL": "Tech"}


def test_a_table_without_symbols_or_without_anything_about_them_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PricesUnreadable, match="has no column for the symbol; its columns are name, sector"):
        read_symbol_table(written(tmp_path, "name,sector\nApple,Tech\n", "a.csv"))
    with pytest.raises(PricesUnreadable, match="names no symbol"):
        read_symbol_table(written(tmp_path, "symbol,sector\n,Tech\n", "b.csv"))
    with pytest.raises(PricesUnreadable, match="neither a column for the sector nor for the group"):
        read_symbol_table(written(tmp_path, "symbol,price\nAAPL,3\n", "c.csv"))
