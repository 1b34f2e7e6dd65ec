import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import NodeType
from builder_app.nodes import TemplatesUnreadable, load_catalogue, template_from_json, template_to_json
from builder_app.nodes import catalogue as catalogue_file
from builder_app.nodes.form import TEMPLATE_SCHEMA

RESOURCES = Path(__file__).parents[2] / "resources"
FOLDER = RESOURCES / "node_templates"
SCREEN = 70
"""Lines that stand on one."""

BLOCKS = {
    NodeType.INDICATOR: "prices sma ema rsi macd bollinger_bands atr add subtract multiply divide constant "
    "previous_value highest lowest average_volume",
    NodeType.CONDITION: "moving_average_crossover greater_than less_than crosses_above crosses_below between all_of "
    "any_of not",
    NodeType.SIGNAL: "enter_long exit_long enter_short exit_short",
    NodeType.POSITION: "percent_of_equity fixed_cash fixed_shares",
    NodeType.STOP_LOSS: "percent_stop trailing_stop atr_stop",
    NodeType.STOP_PROFIT: "percent_target atr_target",
    NodeType.RISK_MANAGEMENT: "maximum_positions",
    NodeType.CUSTOM: "custom_expression custom_condition",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(FOLDER)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "node_templates"
    shutil.copytree(FOLDER, folder)
    return folder


def test_each_of_the_eight_node_types_has_its_blocks(catalogue: Catalogue) -> None:
    for node_type, names in BLOCKS.items():
        assert set(names.split()) <= {t.name for t in catalogue.templates.values() if t.node_type is node_type}


def test_the_schema_file_is_the_form_that_is_checked_and_itself_valid() -> None:
    shipped = json.loads((RESOURCES / "schemas" / "node-template-1.schema.json").read_text(encoding="utf-8"))
    assert shipped == TEMPLATE_SCHEMA
    Draft202012Validator.check_schema(shipped)


def test_every_curated_file_fits_the_schema_and_survives_the_way_out_and_back(catalogue: Catalogue) -> None:
    validator = Draft202012Validator(TEMPLATE_SCHEMA)
    for template in catalogue.templates.values():
        obj = template_to_json(template)
        validator.validate(obj)
        assert template_from_json(json.loads(json.dumps(obj))) == template


def test_every_curated_file_is_read_on_one_screen() -> None:
    files = [file for file in FOLDER.rglob("*.json") if "talib" not in file.parts]
    assert len(files) > 100
    assert {file.name for file in files if len(file.read_text(encoding="utf-8").splitlines()) > SCREEN} == set()


def test_every_block_is_described_with_an_example_synonyms_and_titled_parameters(catalogue: Catalogue) -> None:
    for template in catalogue.templates.values():
        assert template.description.endswith("."), template.name
        assert template.example, template.name
        assert template.synonyms, template.name
        assert template.category, template.name
        properties = template.parameter_schema["properties"]
        assert isinstance(properties, dict)
        assert set(properties) == set(template.default_parameters), template.name
        for name, schema in properties.items():
            assert isinstance(schema, dict)
            assert schema["title"], name
            assert schema["description"], name
        shown = [(port.name, port.display_name, port.description) for port in template.input_ports]
        shown += [(port.name, port.display_name, port.description) for port in template.output_ports]
        assert all(all(texts) for texts in shown), template.name


def test_sma_and_crossover_are_what_the_design_says(catalogue: Catalogue) -> None:
    sma = catalogue.templates["sma"].parameter_schema["properties"]
    assert isinstance(sma, dict)
    assert isinstance(sma["period"], dict)
    assert isinstance(sma["source"], dict)
    assert (sma["period"]["minimum"], sma["period"]["maximum"]) == (1, 200)
    assert sma["source"]["enum"] == ["close", "open", "high", "low"]
    assert catalogue.templates["sma"].default_parameters == {"period": 20, "source": "close"}
    crossover = catalogue.templates["moving_average_crossover"]
    assert crossover.default_parameters == {"fast_period": 10, "slow_period": 30}
    assert [port.name for port in crossover.input_ports] == ["price"]
    assert [(port.name, str(port.type)) for port in crossover.output_ports] == [("signal", "boolean")]


def test_all_broken_files_are_named_at_once(copied: Path) -> None:
    (copied / "indicator" / "sma.json").write_text('{"name": "sma",', encoding="utf-8")
    (copied / "indicator" / "ema.json").write_text("[NaN]", encoding="utf-8")
    (copied / "indicator" / "rsi.json").write_bytes(b"\xff\xfe\x00")
    (copied / "indicator" / "atr.json").write_text("[" * 100_000, encoding="utf-8")
    (copied / "condition" / "not.json").write_text('{"name": "not", "name": "and"}', encoding="utf-8")
    (copied / "signal" / "other.json").write_bytes((copied / "signal" / "exit_long.json").read_bytes())
    with pytest.raises(TemplatesUnreadable) as caught:
        load_catalogue(copied)
    text = "\n".join(caught.value.problems)
    for place in ("indicator/sma", "indicator/ema", "indicator/rsi", "indicator/atr", "condition/not", "signal/other"):
        assert f"In {place}.json: " in text
    assert "Line 1 is not JSON" in text
    assert "NaN is not a number" in text
    assert "a name stands twice" in text
    assert "its file must be exit_long.json" in text


def test_an_empty_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TemplatesUnreadable, match="no template files"):
        load_catalogue(tmp_path)


def test_a_file_in_the_wrong_folder_is_refused(copied: Path) -> None:
    (copied / "indicator" / "sma.json").rename(copied / "signal" / "sma.json")
    with pytest.raises(TemplatesUnreadable, match="must be in the folder indicator"):
        load_catalogue(copied)


def _broken(catalogue: Catalogue, **changes: object) -> tuple[str, ...]:
    with pytest.raises(TemplatesUnreadable) as caught:
        template_from_json({**template_to_json(catalogue.templates["sma"]), **changes})
    return caught.value.problems


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"node_type": "INDICATOrs"}, "'node_type' was 'INDICATOrs'; it must be one of INDICATOR, CONDITION"),
        ({"colour": "#fff"}, "does not know ('colour' was unexpected)"),
        ({"version": "one"}, "'version' was 'one'"),
        ({"default_parameters": {"period": 0, "source": "close"}}, "The period of Simple moving average was 0"),
        ({"default_parameters": {"period": 5}}, "The parameter 'source' has no default"),
        ({"execution_hints": {"outputs": {}}}, "The output 'value' has no recipe"),
        ({"execution_hints": {"outputs": {"value": "price", "low": "price"}}}, "recipe for 'low', but no such output"),
        ({"validation_rules": {"rising": [["period", "length"]]}}, "there is no such parameter"),
        ({"output_ports": [{"name": "value", "type": "serie"}]}, "'output_ports.0.type' was 'serie'"),
        ({"output_ports": [{"name": "value", "type": "series"}] * 2}, "more than one output 'value'"),
        ({"input_ports": [{"name": "period", "type": "series"}]}, "'period' stands for two inputs or parameters"),
        ({"input_ports": [{"name": "prices", "type": "series"}]}, "is called 'prices'"),
        ({"name": "Simple average"}, "it must look like lower-case letters"),
    ],
)
def test_a_template_that_contradicts_itself_is_refused_with_where_and_why(
    catalogue: Catalogue, changes: dict[str, object], said: str
) -> None:
    assert said in "\n".join(_broken(catalogue, **changes))


def test_a_parameter_schema_cannot_reach_another_document(catalogue: Catalogue) -> None:
    schema = {"type": "object", "properties": {"period": {"$ref": "https://example.org/schema.json"}}}
    assert "$ref" in "\n".join(_broken(catalogue, parameter_schema=schema))


def test_a_recipe_outside_the_vocabulary_is_refused(catalogue: Catalogue) -> None:
    recipes = ["__import__('os').system('true')", "price.__class__", "ta.SMA(price, timeperiod=length)", "open(price)"]
    for recipe in recipes:
        assert _broken(catalogue, execution_hints={"outputs": {"value": recipe}})


@pytest.mark.parametrize("obj", [None, 5, [], {}, "sma", {"name": {}}, {"execution_hints": []}])
def test_any_json_value_gives_sentences_never_another_error(obj: object) -> None:
    with pytest.raises(TemplatesUnreadable) as caught:
        template_from_json(obj)
    assert all(problem.endswith(".") for problem in caught.value.problems)
    assert caught.value.problems


def test_a_template_keeps_everything_that_the_form_holds(catalogue: Catalogue) -> None:
    template = replace(catalogue.templates["sma"], icon="wave", color="#123456", version="2.0.1", synonyms=("x",))
    assert template_from_json(template_to_json(template)) == template


def test_templates_that_were_found_right_are_not_checked_again_until_a_byte_changes(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_good = tmp_path / "checked"
    whole = load_catalogue(copied, known_good)
    checks: list[object] = []

    def counted(obj: object) -> NodeTemplate:
        checks.append(obj)
        return template_from_json(obj)

    monkeypatch.setattr(catalogue_file, "template_from_json", counted)
    assert load_catalogue(copied, known_good) == whole
    assert checks == []
    file = copied / "indicator" / "sma.json"
    file.write_text(file.read_text(encoding="utf-8").replace("timeperiod=period", "timeperiod=length"), "utf-8")
    with pytest.raises(TemplatesUnreadable, match="uses 'length'"):
        load_catalogue(copied, known_good)
    assert len(checks) == len(whole.templates)
    with pytest.raises(TemplatesUnreadable, match="uses 'length'"):
        load_catalogue(copied, known_good)


@pytest.mark.parametrize("content", [b"", b"0" * 64, b"\xff\xfe", None])
def test_what_is_not_the_digest_of_these_templates_lets_nothing_pass(
    copied: Path, tmp_path: Path, content: bytes | None
) -> None:
    known_good = tmp_path / "checked"
    if content is None:
        known_good.mkdir()
    else:
        known_good.write_bytes(content)
    (copied / "indicator" / "ema.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TemplatesUnreadable, match="In indicator/ema"):
        load_catalogue(copied, known_good)


def test_a_folder_that_cannot_be_noted_in_is_read_all_the_same(tmp_path: Path, catalogue: Catalogue) -> None:
    known_good = tmp_path / "missing" / "checked"
    assert load_catalogue(FOLDER, known_good) == catalogue
    assert not known_good.exists()


def test_start_reads_all_blocks_in_no_time(tmp_path: Path) -> None:
    known_good = tmp_path / "checked"
    count = len(load_catalogue(FOLDER, known_good).templates)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        load_catalogue(FOLDER, known_good)
        times.append(time.perf_counter() - began)
    assert count >= 160
    assert min(times) < 0.1  # 9 ms on a quiet machine: a start that checks everything takes 140
