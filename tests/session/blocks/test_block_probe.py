"""Any block that passes the form's checks becomes code, runs, and means what the independent interpreter says."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.interpreter.certificate import COLUMNS, certify, panel_of
from builder_app.codegen.program import Program
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import NodeType, ParameterValue, PortType
from builder_app.market.prices.panel import Panel
from builder_app.nodes.parameters import validate_parameters
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json, template_to_json
from builder_app.quicktest.request import RunFailure, RunRequest, TestConfig
from builder_app.session.blocks.block_checks import check_draft
from builder_app.session.blocks.block_drafts import (
    BlockDraft,
    DraftInput,
    DraftKind,
    DraftOutput,
    DraftParameter,
    draft_of,
    slug,
)
from builder_app.session.blocks.block_probe import probe_flow, with_template
from builder_app.session.code.certifying import made_prices
from tests.ground import LastingRunner
from tests.shipped import shipped_catalogue

CATALOGUE: Final[Catalogue] = shipped_catalogue()
PRICES: Final[Panel] = made_prices(120)
NAMES: Final = st.sampled_from(
    ["price", "a", "other", "highest", "signal", "value", "lambda", "ta", "prices", "x_1", "X"]
)
PARAMETERS: Final = st.sampled_from(["period", "factor", "level", "a", "max", "np"])
NUMBERS: Final = st.sampled_from(["", "0", "1", "2", "5", "20", "-3", "0.5", "2.5", "1e3", "x", "−4", "1e16"])

FORMS: Final = (
    *("{a} + {b}", "{a} - {b}", "{a} * {n}", "{a} / {b}", "ta.SMA({a}, timeperiod={n})", "previous({a}, {n})"),
    *("highest({a}, {n})", "np.sqrt({a})", "change({a}, {n})", "ta.RSI({a}, timeperiod={n})", "({a})", "-{a}"),
    *("{a} > {b}", "crossed_above({a}, {b})", "is_below({a}, {n})", "({a} > {b}) & ({a} < {n})", "~({a} > {n})"),
    *("ta.BBANDS({a}, timeperiod={n})[0]", "{a} +", "open({a})", "{a}.mean()"),
)


@st.composite
def expressions(draw: st.DrawFn, names: tuple[str, ...], numbers: tuple[str, ...], depth: int = 2) -> str:
    """An expression as somebody might type it: mostly one that means something."""
    leaves = [*names, 'prices["close"]', 'prices["volume"]', "1.5"]
    if depth == 0:
        return draw(st.sampled_from(leaves))
    inner = expressions(names, numbers, depth - 1)
    count = draw(st.sampled_from([*numbers, "3", "14"]))
    return draw(st.sampled_from(FORMS)).format(a=draw(inner), b=draw(inner), n=count)


@st.composite
def drafts(draw: st.DrawFn) -> BlockDraft:
    """A form as somebody might leave it."""
    inputs = tuple(
        DraftInput(name, type, draw(st.booleans()), draw(st.sampled_from(["", 'prices["high"]', "5", "nothing"])))
        for name, type in draw(
            st.lists(st.tuples(NAMES, st.sampled_from([PortType.SERIES, PortType.BOOLEAN])), max_size=2)
        )
    )
    parameters = tuple(
        DraftParameter(
            *(draw(PARAMETERS), draw(st.sampled_from([DraftKind.WHOLE, DraftKind.NUMBER])), ""),
            *(draw(NUMBERS), draw(NUMBERS), draw(NUMBERS), draw(st.sampled_from(["", "1", "0"]))),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    names, numbers = tuple(port.name for port in inputs), tuple(each.name for each in parameters)
    types = st.sampled_from([PortType.SERIES, PortType.BOOLEAN])
    outputs = tuple(
        DraftOutput(name, draw(types), draw(expressions(names, numbers)))
        for name in draw(st.lists(st.sampled_from(["value", "result"]), min_size=1, max_size=2, unique=True))
    )
    type = draw(st.sampled_from([NodeType.INDICATOR, NodeType.CONDITION, NodeType.CUSTOM]))
    return BlockDraft("drawn", "Drawn", "", type, "", inputs, parameters, outputs)


def bounds(template: NodeTemplate) -> list[dict[str, ParameterValue]]:
    """The parameters at their defaults, and each at the ends of its range."""
    found: list[dict[str, ParameterValue]] = [{}]
    properties = template.parameter_schema["properties"]
    assert isinstance(properties, dict)
    for name, schema in properties.items():
        assert isinstance(schema, dict)
        for end in ("minimum", "maximum"):
            if isinstance(value := schema.get(end), int | float):
                found.append({name: value})
    return found


def check_means_the_same(template: NodeTemplate, runner: LastingRunner) -> None:
    known = with_template(template, CATALOGUE)
    fields = {name: getattr(PRICES, name) for name in COLUMNS}
    panel = panel_of(PRICES.symbols, PRICES.times, fields)
    for values in bounds(template):
        flow = probe_flow(template, values)
        program = compile_flow(flow, known, "standalone", validate_parameters)
        assert isinstance(program, Program), program
        said = runner.signals(RunRequest(program.source, TestConfig(), PRICES), None)
        assert not isinstance(said, RunFailure), said
        certificate = certify(flow, known, panel, (said.rules, said.arrays))
        assert certificate.holds, certificate.differences


def holds_for_any_block_that_passes(draft: BlockDraft, runner: LastingRunner) -> None:
    checked = check_draft(draft, CATALOGUE)
    assert (checked.template is None) is bool(checked.faults)
    assume(checked.template is not None)
    assert checked.template is not None
    with np.errstate(all="ignore"):
        check_means_the_same(checked.template, runner)
    again = check_draft(draft_of(checked.template), CATALOGUE)
    assert again.template == checked.template, "the form of a saved block is the form that it was saved from"


QUIET: Final = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


@settings(max_examples=40, deadline=None, suppress_health_check=QUIET)
@given(draft=drafts())
def test_any_block_that_passes_the_checks_becomes_code_that_means_the_same(
    runner: LastingRunner, draft: BlockDraft
) -> None:
    holds_for_any_block_that_passes(draft, runner)


@pytest.mark.long
@settings(max_examples=250, deadline=None, suppress_health_check=QUIET)
@given(draft=drafts())
def test_many_blocks_that_pass_the_checks_become_code_that_means_the_same(
    runner: LastingRunner, draft: BlockDraft
) -> None:
    holds_for_any_block_that_passes(draft, runner)


@pytest.mark.parametrize("name", sorted(CATALOGUE.templates)[::9])
def test_a_copy_of_a_block_passes_the_checks_and_is_the_same_block(name: str) -> None:
    template = CATALOGUE.templates[name]
    checked = check_draft(replace(draft_of(template), name="copied"), CATALOGUE, as_new=True)
    assert checked.faults == ()
    assert checked.template is not None
    for member in ("input_ports", "output_ports", "parameter_schema", "default_parameters", "outputs", "phrases"):
        assert getattr(checked.template, member) == getattr(template, member), member


def test_the_store_gives_a_block_back_with_its_earlier_versions() -> None:
    newest = CATALOGUE.templates["sma"]
    template = replace(newest, earlier=(replace(newest, version="0.8.0"), replace(newest, version="0.9.0")))
    assert template_from_json(template_to_json(template)) == template
    for broken in (replace(newest, version="0.8.0"), replace(newest, name="other", version="0.7.0")):
        with pytest.raises(TemplatesUnreadable, match="another name, or a version that stands there twice"):
            template_from_json(template_to_json(replace(template, earlier=(*template.earlier, broken))))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Distance from average", "distance_from_average"),
        ("  52-week high! ", "block_52_week_high"),
        ("Ä", ""),
        ("", ""),
    ],
)
def test_a_block_is_named_after_what_it_is_called(said: str, name: str) -> None:
    assert slug(said) == name
