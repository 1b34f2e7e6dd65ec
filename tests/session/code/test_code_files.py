"""Files of code as strategies: as they were written, dressed by the picture beside them, and edited by hand."""

from pathlib import Path

import pytest

from builder_app.codegen.reading_back.carried_flow import what_is_said
from builder_app.flow.codec import dumps
from builder_app.session.code.code_files import read_code_file
from builder_app.session.disk_trouble import DiskTrouble
from tests.codegen.flows import CATALOGUE, compiled
from tests.codegen.test_golden import crossover_with_stop, rsi_reversal


def _written(folder: Path, *changes: tuple[str, str], beside: str = "") -> Path:
    source = compiled(crossover_with_stop()).source
    for old, new in changes:
        source = source.replace(old, new)
    (folder / "strategy.py").write_text(source, encoding="utf-8")
    if beside:
        (folder / "flow.json").write_text(beside, encoding="utf-8")
    return folder / "strategy.py"


def test_code_opens_as_its_flow(tmp_path: Path) -> None:
    found = read_code_file(_written(tmp_path), CATALOGUE)
    assert found.flow == what_is_said(crossover_with_stop())
    assert not found.edited


def test_the_picture_beside_the_code_gives_places_and_bounds(tmp_path: Path) -> None:
    picture = crossover_with_stop()
    found = read_code_file(
        _written(tmp_path, ('"fast_period": 10', '"fast_period": 14'), beside=dumps(picture)), CATALOGUE
    )
    assert found.flow.parameters["fast_period"].value == 14
    assert found.flow.parameters["fast_period"].maximum == picture.parameters["fast_period"].maximum == 50


def test_the_picture_of_another_strategy_beside_the_code_is_left_alone(tmp_path: Path) -> None:
    found = read_code_file(_written(tmp_path, beside=dumps(rsi_reversal())), CATALOGUE)
    assert found.flow == what_is_said(crossover_with_stop())


def test_a_broken_picture_beside_the_code_does_not_keep_it_from_opening(tmp_path: Path) -> None:
    assert read_code_file(_written(tmp_path, beside="{"), CATALOGUE).flow.nodes


@pytest.mark.parametrize("content", [b"print('hello')\n", b"", b"\xff\xfe\x00"])
def test_other_files_are_refused_with_a_way_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.py").write_bytes(content)
    with pytest.raises(ValueError, match=r"[Oo]pen the \.flow\.json file instead|take an undamaged copy"):
        read_code_file(tmp_path / "other.py", CATALOGUE)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble):
        read_code_file(tmp_path / "gone.py", CATALOGUE)
