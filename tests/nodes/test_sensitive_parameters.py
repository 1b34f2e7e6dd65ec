"""Parameters that a template calls sensitive: no sentence holds their value, no recipe may use them."""

from dataclasses import replace
from typing import Any

import pytest

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.flow_hash import flow_hash
from builder_app.codegen.program import Program
from builder_app.codegen.reading_back.carried_flow import above_the_flow, read_flow_inside
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import (
    Literal,
    LogicFlow,
    ParameterReference,
    ParameterValue,
    Secret,
    StrategyParameter,
    frozen_mapping,
)
from builder_app.nodes import parameters, validate_parameters
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json, template_to_json
from tests.codegen.test_compile import crossover
from tests.shipped import shipped_catalogue

CANARY = "canary-7f3a9"
TEMPLATES = shipped_catalogue().templates


def sma_with(recipe: str = "ta.SMA(price, timeperiod=period)", default: Literal = "", **schema: Any) -> NodeTemplate:
    """The moving average with a sensitive parameter `key`."""
    document: Any = template_to_json(TEMPLATES["sma"])
    key = {"type": "string", "title": "Key", "x-sensitive": True, **schema}
    properties = {**document["parameter_schema"]["properties"], "key": key}
    document["parameter_schema"] = {**document["parameter_schema"], "properties": properties}
    document["default_parameters"]["key"] = default
    document["execution_hints"]["outputs"] = {"value": recipe}
    return template_from_json(document)


def with_key(value: ParameterValue, **parameters: StrategyParameter) -> LogicFlow:
    flow = crossover(parameters=frozen_mapping(parameters))
    fast = flow.nodes["fast"]
    fast = replace(fast, parameters=frozen_mapping({**fast.parameters, "key": value}))
    return replace(flow, nodes=frozen_mapping({**flow.nodes, "fast": fast}))


@pytest.mark.parametrize("hidden", [CANARY, Secret(CANARY)])
@pytest.mark.parametrize(
    "schema",
    [{"maxLength": 3}, {"minLength": 50}, {"enum": ["", "canary-7f3aa"]}, {"type": "integer"}, {"type": "boolean"}],
)
def test_no_sentence_holds_a_sensitive_value_or_what_is_near_it(hidden: ParameterValue, schema: dict[str, Any]) -> None:
    default: Literal = None if schema.get("type") else ""
    try:
        template = sma_with(default=default, **schema)
    except TemplatesUnreadable:  # an empty default need not fit
        template = replace(sma_with(), parameter_schema=sma_with().parameter_schema)
        properties: Any = {**template.parameter_schema["properties"]}  # type: ignore[dict-item]
        properties["key"] = {**properties["key"], **schema}
        template = replace(
            template, parameter_schema=frozen_mapping({**template.parameter_schema, "properties": properties})
        )
    ((name, sentence),) = validate_parameters(template, {"key": hidden})
    assert name == "key"
    assert sentence.startswith("The key of Simple moving average does not fit; it must be ")
    assert "canary" not in sentence


def test_a_secret_that_fits_is_allowed_and_so_is_one_that_is_not_set() -> None:
    template = sma_with(maxLength=20)
    assert validate_parameters(template, {"key": Secret(CANARY)}) == []
    assert validate_parameters(template, {"key": Secret()}) == []


def test_a_secret_in_an_ordinary_place_is_checked_but_not_said() -> None:
    assert validate_parameters(TEMPLATES["sma"], {"period": Secret(12)}) == []
    ((_, sentence),) = validate_parameters(TEMPLATES["sma"], {"period": Secret(987654)})
    assert "987654" not in sentence
    assert validate_parameters(TEMPLATES["sma"], {"period": Secret(True)}) != []


def test_a_recipe_may_not_use_a_sensitive_parameter() -> None:
    with pytest.raises(TemplatesUnreadable, match="'key', which is sensitive"):
        sma_with("ta.SMA(prices[key], timeperiod=period)")


def test_a_sensitive_parameter_has_no_default() -> None:
    with pytest.raises(TemplatesUnreadable, match="its default must be empty"):
        sma_with(default=CANARY)


def test_the_text_of_a_block_with_a_secret_is_that_without_and_so_is_its_hash() -> None:
    catalogue = Catalogue(frozen_mapping({**TEMPLATES, "sma": sma_with()}))
    sensitive = StrategyParameter(Secret(CANARY))
    pictures = (
        with_key(Secret(CANARY)),
        with_key(Secret("other")),
        with_key(Secret()),
        with_key(CANARY),
        with_key(ParameterReference("k"), k=sensitive),
    )
    sources = set()
    for picture in pictures:
        made = compile_flow(picture, catalogue, "standalone", validate_parameters)
        assert isinstance(made, Program), made
        assert CANARY not in made.source
        strategy = above_the_flow(made.source)
        sources.add(strategy[strategy.index("\nimport ") :])
        assert CANARY not in repr(read_flow_inside(made.source))  # it is packed: the text's characters say nothing
    assert len(sources) == 1
    assert len({flow_hash(picture) for picture in pictures[:3]}) == 1


def test_a_sensitive_value_where_a_recipe_uses_it_is_refused_and_the_refusal_names_the_block() -> None:
    flow = crossover()
    fast = flow.nodes["fast"]
    fast = replace(fast, parameters=frozen_mapping({**fast.parameters, "period": Secret(12)}))
    flow = replace(flow, nodes=frozen_mapping({**flow.nodes, "fast": fast}))
    problems = compile_flow(flow, Catalogue(TEMPLATES), "standalone", validate_parameters)
    assert isinstance(problems, tuple)
    assert [(problem.rule, problem.node) for problem in problems] == [("sensitive-parameter", "fast")]
    assert "Fast average" in problems[0].message
    assert "12" not in problems[0].message + problems[0].hint


def test_no_answer_to_a_secret_is_remembered() -> None:
    """It would keep the secret in memory after its strategy was closed."""
    template = sma_with(maxLength=20)

    def remembered() -> int:
        known = parameters._known[id(template)]
        return len(known.answers) + len(known.of_frozen)

    assert validate_parameters(template, frozen_mapping({"period": 10})) == []
    before = remembered()
    for key, is_right in ((CANARY, True), (CANARY * 2, False)):
        values: dict[str, ParameterValue] = {"period": 10, "key": Secret(key)}
        assert (validate_parameters(template, frozen_mapping(values)) == []) is is_right
    assert remembered() == before > 0
