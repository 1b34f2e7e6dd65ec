"""What backtrader keeps of the rules: read in its source, version 1.9, and proven by runs."""

from typing import Final

from builder_app.codegen.targets.capability import Target, verdicts

BACKTRADER: Final = Target(
    name="backtrader",
    title="backtrader",
    requirements=("backtrader~=1.9.78", "pandas>=2", "numpy>=2"),
    licence="GPL-3.0",
    pieces=("imports", "leg", "deciding", "levels", "columns", "limit", "fees", "trade_row", "backtrader", "running"),
    how_to_run="`python strategy.py prices.csv` prints the trades; or add FlowStrategy to a Cerebro with cheat_on_open",
    says=verdicts(
        equal=(
            "stop_price stop_level trailing_moving_distance break_even time_stop target_price target_risk "
            "size_series size_risk_percent size_maximum "
            "long short both_ways both_ways_percent strength size_shares size_cash size_percent_of_equity "
            "stop_percent stop_distance stop_and_trailing trailing_percent trailing_distance target_percent "
            "target_distance "
            "maximum_positions fill_at_open first_bar exit_before_stop entry_bar gap_through_level ambiguous_bar "
            "shared_cash refused_whole short_margin missing_bars exact_prices "
            "commission_rate minimum_commission sell_tax_rate lot_size intrabar_order"
        ),
        different={
            "a target that is reached inside a bar fills without it": "slippage",
            "they stay open, and are listed at the last close without its costs": "end_of_test",
        },
        refusals={
            "it keeps one position a symbol": "several_legs",
            "it has no stage that looks at all symbols before the orders": "across_symbols",
            "the file does not look at past trades to size the next": "size_kelly",
            "the file leaves a position whole": "target_part",
            "the file has no such rule": "cooldown rebalance drawdown_halt daily_loss maximum_turnover maximum_weight "
            "maximum_gross_exposure maximum_net_exposure correlation_cap sector_cap",
            "the file's orders fill at any open": "price_limit maximum_volume_share",
        },
    ),
)
