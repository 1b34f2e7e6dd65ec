"""What freqtrade keeps of the rules: read in its source, version 2026.9, and proven by runs."""

from typing import Final

from builder_app.codegen.targets.capability import Target, verdicts

FREQTRADE: Final = Target(
    name="freqtrade",
    title="freqtrade",
    requirements=("freqtrade~=2026.9",),
    licence="GPL-3.0",
    pieces=("imports", "leg", "freqtrade"),
    how_to_run="`freqtrade backtesting --strategy FlowStrategy --strategy-path .` with your configuration and data",
    says=verdicts(
        equal=(
            "long size_shares size_cash stop_percent stop_distance target_percent fill_at_open first_bar "
            "exit_before_stop entry_bar commission_rate"
        ),
        different={
            "equity counts what is open at its entry price, and the fee comes on top": "size_percent_of_equity",
            "a bar that opens beyond a level and comes back to it fills at the level": "gap_through_level",
            "a bar that opens beyond the target and touches the stop ends at the stop": "ambiguous_bar",
            "pairs are filled in the order of the pair list": "shared_cash",
            "an entry is made smaller where the wallet is short": "refused_whole",
            "missing days are filled up with the last close": "missing_bars",
            "the last candle exits by force, at its open": "end_of_test",
            "its backtests have none": "slippage",
            "the exchange's precision rounds it": "exact_prices lot_size",
            "its longs are all it has here": "short_margin",
        },
        refusals={
            "a spot market sells only what is held": "short both_ways both_ways_percent",
            "it fills pairs in the order of its pair list": "strength",
            "it keeps one position a pair": "several_legs",
            "the file has no stage that looks at all pairs": "across_symbols",
            "the file sizes by a fixed number of shares, of money, or of percent": "size_series size_risk_percent "
            "size_kelly size_maximum",
            "its trailing stop follows the high of the same bar": "trailing_percent trailing_distance "
            "trailing_moving_distance stop_and_trailing",
            "its take-profit is a percentage": "target_distance target_price target_risk",
            "the file has no such exit": "stop_price stop_level break_even time_stop target_part",
            "the number of trades belongs to its own configuration": "maximum_positions",
            "the file has no such rule": "cooldown rebalance drawdown_halt daily_loss maximum_turnover maximum_weight "
            "maximum_gross_exposure maximum_net_exposure correlation_cap sector_cap",
            "its fee is one rate": "minimum_commission sell_tax_rate",
            "it settles the stop first": "intrabar_order",
            "its backtests fill every order": "price_limit maximum_volume_share",
        },
    ),
)
