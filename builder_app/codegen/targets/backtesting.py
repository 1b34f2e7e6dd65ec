"""What backtesting.py keeps of the rules: read in its source, version 0.6, and proven by runs."""

from typing import Final

from builder_app.codegen.targets.capability import Target, verdicts

BACKTESTING: Final = Target(
    name="backtesting",
    title="backtesting.py",
    requirements=("backtesting~=0.6.6",),
    licence="AGPL-3.0",
    pieces=("imports", "leg", "deciding", "levels", "columns", "backtesting", "running"),
    how_to_run="`python strategy.py prices.csv` prints the trades; or give FlowStrategy to backtesting.Backtest",
    says=verdicts(
        equal=(
            "stop_price stop_level trailing_moving_distance break_even time_stop target_price target_risk "
            "size_series size_risk_percent size_maximum "
            "long short both_ways both_ways_percent size_shares size_cash size_percent_of_equity "
            "stop_percent stop_distance stop_and_trailing trailing_percent trailing_distance target_percent "
            "target_distance "
            "fill_at_open exit_before_stop entry_bar gap_through_level refused_whole missing_bars exact_prices "
            "commission_rate minimum_commission"
        ),
        different={
            "it trades each symbol alone, so no entry waits for another": "strength",
            "its first decision falls at the second bar's close": "first_bar",
            "a bar that opens beyond the target and touches the stop ends at the stop": "ambiguous_bar",
            "each symbol is tested alone, with the whole capital": "shared_cash",
            "a short's margin follows the price": "short_margin",
            "they are closed at the last bar's open": "end_of_test",
            "it is taken at the entry only": "slippage",
            "it trades whole shares, so 0 counts as 1": "lot_size",
        },
        refusals={
            "it trades one symbol at a time": "across_symbols maximum_positions maximum_weight maximum_gross_exposure "
            "maximum_net_exposure correlation_cap sector_cap",
            "the file keeps one position": "several_legs",
            "the file does not look at past trades to size the next": "size_kelly",
            "the file leaves a position whole": "target_part",
            "the file has no such rule": "cooldown rebalance drawdown_halt daily_loss maximum_turnover",
            "its commission cannot tell a purchase from a sale": "sell_tax_rate",
            "it settles the stop first": "intrabar_order",
            "its broker fills every order": "price_limit maximum_volume_share",
        },
    ),
)
