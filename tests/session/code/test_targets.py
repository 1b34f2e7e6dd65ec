"""A strategy is written for the engine that was chosen, after every edit, and exported and kept with its target."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from builder_app.flow.edits import RemoveNodes, SetParameter
from builder_app.flow.values import Secret
from builder_app.quicktest.lint import Remark, lint
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.code import generating
from builder_app.session.code.targets import CHOICES, STANDALONE, TargetChoice, refusals, refused_set_up
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.stored_flow import joined_flow
from builder_app.session.secrecy.sealing import of_strategy, opened_flow
from tests.session.code.lying import lie
from tests.session.secret_ground import CANARY, KEY, SecretGround, averages, files_holding, secret_of
from tests.session.strategist import Ground, Strategist


def test_choosing_an_engine_brings_its_text_and_every_edit_a_new_one(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.session.targets.choose(document, "backtrader")
        work.until(lambda: document.target_code is not None)
        assert work.heard(events.TargetChosen)[-1].target == "backtrader"
        program, report = document.shown_code
        assert program is not None
        assert report is not None
        assert (program.target, report.status) == ("backtrader", "VALID")
        stop = next(node for node in document.flow.nodes.values() if node.template == "percent_stop")
        work.session.edit(document, SetParameter(stop.id, "percent", 7.5))
        work.until(lambda: document.shown_code[0] is not None and "7.5" in document.shown_code[0].source)
        assert document.program is not None
        assert document.program.target == STANDALONE, "tests run the standalone text"
        work.session.targets.choose(document, STANDALONE)
        assert document.shown_code[0] is document.program


def test_what_an_engine_refuses_is_said_by_block_and_mended_by_taking_it_out(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.session.targets.choose(document, "backtesting")
        written = work.until_told(events.TargetWritten)
        (refused,) = refusals(written.generated)
        assert refused.node is not None
        assert document.flow.nodes[refused.node].template == "maximum_positions"
        assert document.shown_code == (None, None)
        work.session.edit(document, RemoveNodes(frozenset({refused.node})))
        work.until(lambda: document.shown_code[0] is not None)


def test_an_exported_folder_fits_the_engine_and_its_text_is_kept(home: Ground, tmp_path: Path) -> None:
    with home.strategist() as work:
        document = work.open_example()
        result = work.result_of(document)
        work.session.targets.choose(document, "backtrader")
        work.session.export(document, tmp_path / "given")
        work.until(lambda: bool(work.heard(events.Exported)))
        names = {path.name for path in (tmp_path / "given").iterdir()}
        assert {"strategy.py", "config.json", "expected_trades.csv", "prices", "prices.csv"} <= names
        assert names.isdisjoint({"engine", "expected.json"})
        requirements = (tmp_path / "given" / "requirements.txt").read_text()
        assert "backtrader~=" in requirements
        assert "TA-Lib" in requirements
        assert "GPL-3.0" in (tmp_path / "given" / "README.md").read_text(encoding="utf-8")
        with (tmp_path / "given" / "expected_trades.csv").open() as file:
            assert len(list(csv.DictReader(file))) == len(result.trades)
        assert document.instance is not None
        kept = work.store.generations.latest(document.instance, "backtrader")
        assert kept is not None
        assert kept.generated_code == (tmp_path / "given" / "strategy.py").read_text(encoding="utf-8")
        certificate = (kept.validation_result or {})["certificate"]
        assert certificate.startswith("The strategy in the code for backtrader equals the picture on ")
        assert work.store.generations.latest(document.instance, "standalone") is not None


def test_a_text_that_is_not_what_is_drawn_is_not_exported_and_kept_among_the_failures(
    home: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.result_of(document)
        lie(monkeypatch, "= crossed_above(", "= crossed_below(", "backtrader")
        work.session.targets.choose(document, "backtrader")
        work.until(lambda: document.shown_code[1] is not None and not document.shown_code[1].is_valid)
        work.session.export(document, tmp_path / "given")
        told = work.until_told(events.Refused).message
        assert (
            "The strategy in the code for backtrader differs from the picture: '20 % of equity', enter long of " in told
        )
        assert list(tmp_path.glob("given*")) == list(tmp_path.glob(".given*")) == []
        assert document.instance is not None
        kept = work.store.generations.latest(document.instance, "backtrader")
        assert kept is not None
        assert kept.validation_status == "RUNTIME_ERROR"
        assert (kept.validation_result or {})["certificate"] == ""


def test_a_text_is_certified_when_the_picture_rests_and_linted_once(
    home: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    linted: list[str] = []

    def counted(source: str) -> tuple[Remark, ...]:
        linted.append(source)
        return lint(source)

    monkeypatch.setattr(generating, "lint", counted)

    def certificate(document: Document) -> str:
        report = document.shown_code[1]
        return "" if report is None else report.certificate

    with home.strategist() as work:
        document = work.open_example()
        work.session.targets.choose(document, "backtrader")
        work.until(lambda: "for backtrader equals the picture" in certificate(document))
        work.settle()
        assert document.target_code is not None
        assert document.target_code.program is not None
        assert 1 <= linted.count(document.target_code.program.source) <= 2


def test_a_text_is_held_against_its_picture_also_where_the_standalone_one_failed(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie(monkeypatch, "= crossed_above(", "= crossed_below(")
    document = work.open_example()
    work.session.targets.choose(document, "backtrader")
    work.until(lambda: document.shown_code[1] is not None and bool(document.shown_code[1].certificate))
    assert document.report is not None
    assert not document.report.is_valid


def test_the_picture_of_an_exported_text_is_kept_with_its_sensitive_values(home: Ground, tmp_path: Path) -> None:
    secret_home = SecretGround(home.folder, home.catalogue, home.runner)
    with secret_home.strategist() as work:
        document = work.open_example()
        node = averages(document)[0]
        work.session.edit(document, SetParameter(node, KEY, Secret(CANARY)))
        work.session.targets.choose(document, "backtrader")
        work.session.export(document, tmp_path / "given")
        work.until_told(events.Exported)
        assert document.instance is not None
        rooms = work.session.rooms
        for target in ("standalone", "backtrader"):
            kept = rooms.store.generations.latest(document.instance, target)
            assert kept is not None
            drawn = joined_flow(kept.logic_flow_snapshot, kept.parameters_snapshot)
            opened = opened_flow(rooms.vault, of_strategy(document.instance), drawn)
            assert secret_of(opened, node) == Secret(CANARY), target
    assert files_holding(tmp_path, CANARY) == []


def test_a_set_up_that_the_engine_cannot_keep_is_refused_in_a_sentence(home: Ground, tmp_path: Path) -> None:
    with home.strategist() as work:
        document = work.open_example()
        limit = next(node.id for node in document.flow.nodes.values() if node.template == "maximum_positions")
        work.session.edit(document, RemoveNodes(frozenset({limit})))
        work.session.set_config(document, replace(document.config, sell_tax_rate=0.001))
        work.session.targets.choose(document, "backtesting")
        work.result_of(document)
        work.session.export(document, tmp_path / "given")
        work.until(lambda: any("Sell tax" in told.message for told in work.heard(events.Refused)))
        assert not (tmp_path / "given").exists()


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.name)
def test_a_set_up_without_wishes_is_refused_by_no_engine(choice: TargetChoice) -> None:
    assert refused_set_up(choice.name, TestConfig()) == ()


def test_the_choice_is_found_again_in_the_draft(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.session.targets.choose(document, "vectorbt")
        assert json.loads(json.dumps(document.metadata(is_open=True)))["target"] == "vectorbt"
    with home.strategist() as work:
        assert work.document.target == "vectorbt"
