"""Export of open strategies: what is written is what was tested, whatever happens meanwhile."""

import json
import threading
from pathlib import Path

import pytest

from builder_app.flow.codec import loads
from builder_app.flow.edits import RemoveNodes
from builder_app.market.library import Library
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.drafts.document import Document
from tests.session.strategist import Ground, Strategist, set_parameter


def exported(folder: Path) -> tuple[str, dict[str, float | None], int]:
    """The code's hash, the metrics, and the fast period of an exported folder."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    flow = loads((folder / "flow.json").read_bytes())
    period = flow.parameters["fast_period"].value
    assert isinstance(period, int)
    return expected["code_hash"], expected["metrics"], period


def refusal(work: Strategist, document: Document, folder: Path) -> str:
    work.session.export(document, folder)
    message = work.until_told(events.Refused).message
    work.settle()
    assert not folder.exists() or not any(folder.iterdir())
    return message


def test_fresh_result_is_exported_without_another_test(work: Strategist, tmp_path: Path) -> None:
    document = work.open_example()
    result = work.result_of(document)
    work.session.export(document, tmp_path / "out")
    work.until_told(events.Exported)
    assert len(work.heard(events.RunFinished)) == 1
    code_hash, metrics, _period = exported(tmp_path / "out")
    assert code_hash == result.code_hash
    assert metrics["total_return"] == result.metrics["total_return"]


def test_stale_text_is_tested_before_it_is_exported(work: Strategist, tmp_path: Path) -> None:
    document = work.open_example()
    work.result_of(document)
    set_parameter(document, "fast_period", 15)
    work.session.export(document, tmp_path / "out")
    work.until_told(events.Exported)
    assert document.program is not None
    code_hash, metrics, period = exported(tmp_path / "out")
    assert (code_hash, period) == (document.program.sha256, 15)
    assert document.result is not None
    assert metrics["total_return"] == document.result.metrics["total_return"]


def test_other_set_up_is_tested_before_it_is_exported(work: Strategist, tmp_path: Path) -> None:
    document = work.open_example()
    before = work.result_of(document)
    work.session.set_config(document, TestConfig(slippage=0.02))
    work.session.export(document, tmp_path / "out")
    work.until_told(events.Exported)
    config = json.loads((tmp_path / "out" / "config.json").read_text(encoding="utf-8"))
    assert config["slippage"] == 0.02
    assert exported(tmp_path / "out")[1]["total_return"] != before.metrics["total_return"]


def test_edit_after_the_wish_does_not_change_what_is_exported(work: Strategist, tmp_path: Path) -> None:
    document = work.open_example()
    work.session.export(document, tmp_path / "out")
    set_parameter(document, "fast_period", 16)
    work.until_told(events.Exported)
    work.settle()
    code_hash, _metrics, period = exported(tmp_path / "out")
    assert period == 10
    assert document.program is not None
    assert code_hash != document.program.sha256


def test_cancelled_test_takes_the_wish_with_it(work: Strategist, tmp_path: Path) -> None:
    document = work.session.new_document(work.open_example().flow)
    work.session.export(document, tmp_path / "out")
    work.session.cancel_test(document)
    work.settle()
    work.result_of(document)
    work.settle()
    assert not (tmp_path / "out").exists()
    assert work.heard(events.Exported) == []


def test_strategy_with_problems_is_not_exported_now_nor_later(work: Strategist, tmp_path: Path) -> None:
    document = work.open_example()
    document.edit(RemoveNodes(frozenset({"enter"})))
    work.session.export(document, tmp_path / "out")
    work.until_told(events.RunFailed)
    document.undo()
    work.result_of(document)
    work.settle()
    assert not (tmp_path / "out").exists()


def test_failed_test_says_that_nothing_was_exported(work: Strategist, tmp_path: Path) -> None:
    document = work.open_example()
    work.session.set_config(document, TestConfig(stock_pool=("NOBODY",)))
    assert "was not exported" in refusal(work, document, tmp_path / "out")


def test_folder_that_is_not_empty_is_refused_before_a_test_is_run(work: Strategist, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    document = work.open_example()
    work.session.export(document, tmp_path / "out")
    assert "not an empty folder" in work.heard(events.Refused)[0].message
    assert work.session.is_idle


def test_prices_that_changed_since_the_test_are_not_passed_off_as_tested(
    home: Ground, work: Strategist, tmp_path: Path
) -> None:
    document = work.open_example()
    work.result_of(document)
    Library(home.folder / "prices").remove("FB")
    assert "prices have changed" in refusal(work, document, tmp_path / "out")
    work.result_of(document)
    work.session.export(document, tmp_path / "out")
    work.until_told(events.Exported)


def test_two_wishes_for_one_test_are_both_done(work: Strategist, tmp_path: Path) -> None:
    document = work.open_example()
    work.session.export(document, tmp_path / "first")
    work.session.export(document, tmp_path / "second")
    work.until_told(events.Exported, 2)
    assert exported(tmp_path / "first") == exported(tmp_path / "second")
    assert len(work.heard(events.RunFinished)) == 1


def test_fault_while_exporting_is_a_sentence(work: Strategist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = work.open_example()
    work.result_of(document)

    def fail(*_arguments: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("builder_app.session.code.exporting.exported_files", fail)
    assert "a fault of ours" in refusal(work, document, tmp_path / "out")
    assert any(thread.name.startswith("slow-files") for thread in threading.enumerate())
