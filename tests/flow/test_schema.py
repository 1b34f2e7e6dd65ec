"""The JSON Schema that ships and the codec that reads take and refuse the same documents."""

import copy
import json
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.codec import FlowUnreadable, decode, encode
from builder_app.flow.values import LogicFlow
from tests.flow.strategies import flows
from tests.flow.test_codec import _document

SCHEMA: Final = json.loads(
    (Path(__file__).parents[2] / "resources/schemas/logic-flow-1.schema.json").read_text("utf-8")
)
VALIDATOR: Final = jsonschema.Draft202012Validator(SCHEMA)
BEYOND_THE_SCHEMA: Final = {"duplicate-id", "edge-to-nowhere", "duplicate-edge", "group-without-ports"}
REPLACEMENTS: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1.5,
    "",
    "text",
    [],
    [1],
    [0, 0, 0, 0],
    {},
    {"x": 1},
    {"parameter": "p"},
    {"sealed": None},
    {"sealed": "text"},
    {"sealed": 1},
)


def _codec_takes(document: object) -> bool:
    """Whether the codec has nothing to say but what no schema can."""
    try:
        decode(document)
    except FlowUnreadable as unreadable:
        return {problem.rule for problem in unreadable.problems} <= BEYOND_THE_SCHEMA
    return True


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, child in inner for place in _places(child, (*path, step)))]


def _holder(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


PLACES: Final = [path for path in _places(_document()) if path]


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(flows())
def test_every_flow_that_is_written_fits_the_schema(flow: LogicFlow) -> None:
    VALIDATOR.validate(encode(flow))


@pytest.mark.parametrize("path", PLACES, ids=str)
def test_codec_and_schema_agree_when_a_value_is_replaced_or_missing_or_one_is_added(path: tuple[Any, ...]) -> None:
    verdicts = set()
    for replacement in REPLACEMENTS:
        document = _document()
        _holder(document, path)[path[-1]] = replacement
        verdicts.add(_agreed(document))
    document = _document()
    del _holder(document, path)[path[-1]]
    _agreed(document)
    document = _document()
    added = _holder(document, (*path, None))
    if isinstance(added, dict):
        added["surprise"] = 1
        _agreed(document)
    assert False in verdicts  # every member has a value that it refuses: the comparison is not empty


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(REPLACEMENTS)), min_size=2, max_size=4))
def test_codec_and_schema_agree_when_several_things_are_wrong(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document = _document()
    for path, replacement in changes:
        try:
            _holder(document, path)[path[-1]] = copy.deepcopy(replacement)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that place away
    _agreed(document)


def _agreed(document: object) -> bool:
    takes = bool(VALIDATOR.is_valid(document))
    assert _codec_takes(document) == takes, document
    return takes
