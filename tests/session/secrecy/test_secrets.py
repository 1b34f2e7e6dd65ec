"""Sensitive values stay here."""

import json

from hypothesis import given
from hypothesis import strategies as st

from builder_app.codegen.flow_hash import flow_hash
from builder_app.flow.codec import dumps, loads
from builder_app.flow.values import LogicFlow, Node, ParameterValue, Secret, StrategyParameter, frozen_mapping
from builder_app.session.secrecy.secrets import without_secrets
from tests.flow.strategies import flows


@given(flows(), st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), st.booleans(), max_size=4))
def test_only_the_values_of_sensitive_parameters_are_gone(flow: LogicFlow, sensitive: dict[str, bool]) -> None:
    parameters = {name: StrategyParameter("hunter2", sensitive=flag) for name, flag in sensitive.items()}
    drawn = LogicFlow(flow.nodes, flow.edges, flow.frames, flow.notes, frozen_mapping(parameters), flow.name)
    given_away = without_secrets(drawn)
    document = json.loads(dumps(given_away))
    assert {name: parameter["value"] for name, parameter in document["parameters"].items()} == {
        name: None if flag else "hunter2" for name, flag in sensitive.items()
    }
    assert [parameter.sensitive for parameter in given_away.parameters.values()] == list(sensitive.values())
    assert (given_away.edges, given_away.name, given_away.frames) == (drawn.edges, drawn.name, drawn.frames)
    assert flow_hash(given_away) == flow_hash(drawn)
    assert dumps(given_away).count("hunter2") == list(sensitive.values()).count(False)
    assert dumps(loads(dumps(given_away))) == dumps(given_away)


def test_the_ciphertext_of_a_sensitive_value_stays_here_too() -> None:
    secret = Secret("hunter2", sealed="c1pher")
    parameters: dict[str, ParameterValue] = {"period": secret, "source": "close"}
    node = Node("one", "sma", parameters=frozen_mapping(parameters))
    flow = LogicFlow(
        nodes=frozen_mapping({"one": node}), parameters=frozen_mapping({"token": StrategyParameter(secret)})
    )
    assert dumps(flow).count("c1pher") == 2
    text = dumps(without_secrets(flow))
    assert "c1pher" not in text
    assert "hunter2" not in text
    again = loads(text)
    assert again.parameters["token"].sensitive
    assert isinstance(again.nodes["one"].parameters["period"], Secret)
    assert again.nodes["one"].parameters["source"] == "close"
