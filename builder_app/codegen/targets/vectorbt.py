"""What vectorbt keeps of the rules: read in its source, version 1.2, and proven by runs."""

from typing import Final

from builder_app.codegen.targets.capability import Target, verdicts

VECTORBT: Final = Target(
    name="vectorbt",
    title="vectorbt",
    requirements=("vectorbt~=1.2.0",),
    licence="Apache-2.0 with Commons Clause",
    pieces=("imports", "columns", "vectorbt", "running"),
    how_to_run="`python strategy.py prices.csv` prints the trades; or take the vbt.Portfolio of portfolio_of()",
    says=verdicts(
        equal=(
            "long short size_shares size_cash stop_percent stop_distance target_percent target_distance "
            "fill_at_open first_bar exit_before_stop gap_through_level refused_whole missing_bars exact_prices "
            "slippage commission_rate lot_size"
        ),
        different={
            "with a stop or target, one that is touched in the bar of an exit order fills before it": "both_ways",
            "the best price of the entry bar does not count": "trailing_percent",
            "it is that part of the free cash": "size_percent_of_equity",
            "stops and targets are live from the bar after the entry": "entry_bar",
            "a bar that opens beyond the target and touches the stop ends at the stop": "ambiguous_bar",
            "entries at one open are filled by value, the smallest first; money from a stop inside a bar pays for "
            "entries at the open of that bar": "shared_cash",
            "a short's margin is its own rule of free cash": "short_margin",
            "they stay open, and are listed at the last close without its costs": "end_of_test",
        },
        refusals={
            "it fills the entries at one open by their value": "strength",
            "a percentage cannot turn a position around": "both_ways_percent",
            "the file keeps one position a symbol": "several_legs",
            "its signals are made symbol by symbol": "across_symbols",
            "the file sizes by a fixed number of shares, of money, or of percent": "size_series size_risk_percent "
            "size_kelly size_maximum",
            "it keeps one stop a position": "stop_and_trailing",
            "its trailing stop is a percentage": "trailing_distance trailing_moving_distance",
            "it has no such exit": "stop_price stop_level break_even time_stop target_price target_risk target_part",
            "its signals know nothing of the account": "cooldown rebalance maximum_positions maximum_weight "
            "maximum_gross_exposure maximum_net_exposure drawdown_halt daily_loss maximum_turnover correlation_cap "
            "sector_cap",
            "its fees know no minimum": "minimum_commission",
            "its fees cannot tell a purchase from a sale": "sell_tax_rate",
            "it settles the stop first": "intrabar_order",
            "it fills every order": "price_limit maximum_volume_share",
        },
    ),
)
