"""For each block of the catalogue a small strategy that is about it: everything wired, everything used."""

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import LogicFlow, Node, NodeType, ParameterValue, PortType, frozen_mapping
from tests.codegen.flows import CATALOGUE, flow, node

SMALLER: dict[str, dict[str, ParameterValue]] = {
    "higher_timeframe": {"timeframe": "week"},
    "higher_timeframe_average": {"period": 2},
    "divergence": {"period": 5},
    "correlation_of": {"period": 10},
    "percentile_rank": {"period": 20},
    "top_symbols": {"count": 2, "timeframe": "week"},
    "bottom_symbols": {"count": 1, "timeframe": "bar"},
    "rank_weight": {"count": 3},
    "session_time": {"start": "09:00", "end": "15:30"},
    "month": {"month": "January"},
    "returns": {"bars": 3},
    "macd": {"fast_period": 3, "slow_period": 7, "signal_period": 4},
}
"""Parameters with which a block says something within a hundred bars."""
SOURCES = ("price.close", "price.open", "average.value", "price.high")


def _names(words: str) -> list[str]:
    return words.split()


def curated() -> tuple[NodeTemplate, ...]:
    """The blocks that people wrote, without those derived from TA-Lib."""
    return tuple(CATALOGUE.templates[name] for name in sorted(CURATED))


def strategy_of(template: NodeTemplate) -> LogicFlow:
    """Buys when the close is above its average, or by what the block gives, and sells otherwise."""
    parameters = frozen_mapping(SMALLER.get(template.name, {}))
    nodes = [
        node("price", "prices"),
        node("average", "sma", "Average", period=5),
        node("up", "greater_than", "Up"),
        node("down", "less_than", "Down"),
        node("buy", "enter_long"),
        node("sell", "exit_long"),
        Node("block", template.name, parameters=parameters),
    ]
    wires = ["price.close > up.a", "average.value > up.b", "price.close > down.a", "average.value > down.b"]
    wires += ["down.result > sell.condition", *_inputs(template)]
    size = template.node_type is NodeType.POSITION and template.name != "rebalance"
    if any(port.type is PortType.SIGNAL for port in template.output_ports):
        nodes.append(node("size", "percent_of_equity", percent=20.0))
        wires += ["up.result > buy.condition", "block.signal > size.signal", "sell.signal > size.signal"]
        wires += [] if template.input_port("signal") else ["buy.signal > size.signal"]
    elif size:
        nodes.append(node("stop", "percent_stop", percent=5.0))
        wires += ["up.result > buy.condition", "sell.signal > block.signal", "block.position > stop.position"]
    elif any(port.type in (PortType.POSITION, PortType.PORTFOLIO) for port in template.output_ports):
        nodes += [node("size", "percent_of_equity", percent=20.0), node("stop", "percent_stop", percent=5.0)]
        wires += ["up.result > buy.condition", "buy.signal > size.signal", "sell.signal > size.signal"]
        wires += ["size.position > stop.position"]
    else:
        more, led = _uses(template)
        nodes += more
        wires += [*led, "sell.signal > size.signal", "buy.signal > size.signal"]
    return flow(f"About {template.display_name}", _without_idle(nodes, wires), wires)


def _inputs(template: NodeTemplate) -> list[str]:
    sources = {
        PortType.SERIES: list(SOURCES),
        PortType.BOOLEAN: ["up.result", "down.result"],
        PortType.SIGNAL: ["buy.signal"],
        PortType.POSITION: ["stop.position"],
        PortType.PORTFOLIO: [],
    }
    wires = []
    for port in template.input_ports:
        available = sources[port.type]
        for _ in range(2 if port.multiple and port.type is PortType.BOOLEAN else 1):
            if available:
                wires.append(f"{available.pop(0)} > block.{port.name}")
    return wires


def _uses(template: NodeTemplate) -> tuple[list[Node], list[str]]:
    """Every output counts: conditions and positive values lead into the entry, the first series is its strength."""
    nodes = [node("any", "any_of"), node("size", "percent_of_equity", percent=20.0)]
    wires = ["any.result > buy.condition", "up.result > any.conditions"]
    series = [port.name for port in template.output_ports if port.type is PortType.SERIES]
    for name in series:
        nodes.append(node(f"high_{name}", "greater_than", level=1.0))
        wires += [f"block.{name} > high_{name}.a", f"high_{name}.result > any.conditions"]
    wires += [f"block.{series[0]} > buy.strength"] if series else []
    wires += [f"block.{port.name} > any.conditions" for port in template.output_ports if port.type is PortType.BOOLEAN]
    return nodes, wires


def _without_idle(nodes: list[Node], wires: list[str]) -> list[Node]:
    """Only the blocks that a wire touches."""
    touched = {end.strip().split(".")[0] for wire in wires for end in wire.split(">")}
    return [each for each in nodes if each.id in touched]


CURATED = frozenset(
    (
        *_names("returns volatility other_symbol benchmark higher_timeframe higher_timeframe_average traded_value"),
        *_names("absolute sign logarithm power smaller_of larger_of clip if_then_else percent_distance z_score"),
        *_names("median percentile_rank mean slope correlation_of bars_since near at_least at_most equals crosses"),
        *_names("within_bars for_bars rising falling new_high new_low divergence exclusive_or at_least_so_many"),
        *_names("weekday month month_start month_end new_period session_time rank z_score_across percentile_across"),
        *_names("top_symbols bottom_symbols reverse long_while short_while cooldown once_per_day signal_strength"),
        *_names("risk_per_trade volatility_target kelly_from_trades kelly_fraction equal_weight rank_weight"),
        *_names("rebalance amount_stop level_stop swing_low_stop swing_high_stop moving_average_stop"),
        *_names("trailing_amount_stop chandelier_stop break_even_stop break_even_after_risk time_stop amount_target"),
        *_names("risk_multiple_target level_target scale_out maximum_weight gross_exposure net_exposure"),
        *_names("drawdown_halt daily_loss turnover_limit correlation_cap sector_cap prices sma ema rsi macd"),
        *_names("bollinger_bands atr add subtract multiply divide constant previous_value highest lowest"),
        *_names("average_volume moving_average_crossover greater_than less_than crosses_above crosses_below between"),
        *_names("all_of any_of not enter_long exit_long enter_short exit_short percent_of_equity fixed_cash"),
        *_names("fixed_shares percent_stop trailing_stop atr_stop percent_target atr_target maximum_positions"),
        *_names("custom_expression custom_condition custom_function custom_condition_function"),
    )
)
