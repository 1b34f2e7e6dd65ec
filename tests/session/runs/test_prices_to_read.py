"""A test reads the prices of symbols that are only looked at as well, and trades its pool alone."""

from pathlib import Path

from builder_app.flow.values import LogicFlow
from builder_app.quicktest.request import RunFailure, RunResult, TestConfig
from builder_app.session.code.export import price_symbols
from builder_app.session.runs.one_run import load_panel, test_flow
from tests.codegen.flows import flow, node
from tests.shipped import shipped_catalogue

RESOURCES = Path(__file__).parents[3] / "resources"
SAMPLE = RESOURCES / "samples" / "stocks.csv.gz"


def market_filter(symbol: str) -> LogicFlow:
    """Long while another symbol is above its average."""
    return flow(
        "Market filter",
        [
            node("market", "other_symbol", "Market", symbol=symbol),
            node("average", "sma", period=50),
            node("up", "greater_than"),
            node("hold", "long_while"),
            node("size", "equal_weight", count=2),
        ],
        [
            "market.value > average.price",
            "market.value > up.a",
            "average.value > up.b",
            "up.result > hold.condition",
            "hold.signal > size.signal",
        ],
    )


def outcome_of(symbol: str, pool: tuple[str, ...]) -> tuple[RunResult | RunFailure, tuple[str, ...]]:
    config = TestConfig(stock_pool=pool)
    tested = test_flow(
        market_filter(symbol),
        config,
        shipped_catalogue,
        lambda wanted: load_panel(wanted, lambda: None, [SAMPLE]),  # type: ignore[arg-type, return-value]
        lambda _: None,
    )
    assert tested.outcome is not None
    assert tested.generated.program is not None
    assert tested.generated.program.other_symbols == (symbol,)
    if isinstance(tested.outcome, RunFailure):
        return tested.outcome, ()
    return tested.outcome, price_symbols(config, tested.outcome, tested.generated.program)


def test_symbol_outside_the_pool_is_read_and_not_traded() -> None:
    result, names = outcome_of("MSFT", ("AAPL", "GOOG"))
    assert isinstance(result, RunResult), result
    assert result.symbols == ("AAPL", "GOOG")
    assert {trade.symbol for trade in result.trades} == {"AAPL", "GOOG"}
    assert names == ("AAPL", "GOOG", "MSFT")


def test_symbol_without_prices_is_said_where_the_whole_library_is_tested() -> None:
    failure, _ = outcome_of("NOPE", ())
    assert isinstance(failure, RunFailure)
    assert "The block 'Market' looks at NOPE" in failure.message
