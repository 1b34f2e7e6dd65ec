"""What zipline-reloaded keeps of the rules: read in its source, version 3.2, and proven by runs."""

from typing import Final

from builder_app.codegen.targets.capability import LEVELS, Target, verdicts

ZIPLINE: Final = Target(
    name="zipline-reloaded",
    title="zipline-reloaded",
    requirements=("zipline-reloaded~=3.2.1",),
    licence="Apache-2.0",
    pieces=(
        "imports",
        "leg",
        "deciding",
        "columns",
        "limit",
        "fees",
        "account",
        "trade_row",
        "pairing",
        "zipline",
        "running",
    ),
    how_to_run="`python strategy.py prices.csv` prints the trades; or give algorithm() to a TradingAlgorithm",
    says=verdicts(
        equal=(
            "long short both_ways both_ways_percent strength size_shares size_cash size_percent_of_equity "
            "size_series size_maximum time_stop "
            "maximum_positions fill_at_open exit_before_stop entry_bar gap_through_level ambiguous_bar "
            "shared_cash refused_whole short_margin exact_prices "
            "slippage commission_rate minimum_commission sell_tax_rate"
        ),
        different={
            "its first decision falls at the close of the second day": "first_bar",
            "it needs a day for every session of the NYSE; a symbol may have gaps": "missing_bars",
            "they stay open, and are listed at the last close without its costs": "end_of_test",
            "it trades whole shares, so 0 counts as 1": "lot_size",
        },
        refusals={
            "its stops look at daily closes only": f"{' '.join(LEVELS)} stop_and_trailing target_part",
            "it keeps one position a symbol": "several_legs",
            "the file has no stage that looks at all symbols before the orders": "across_symbols",
            "without stops there is no risk to size by": "size_risk_percent",
            "the file does not look at past trades to size the next": "size_kelly",
            "the file has no such rule": "cooldown rebalance drawdown_halt daily_loss maximum_turnover "
            "maximum_weight maximum_gross_exposure maximum_net_exposure correlation_cap sector_cap",
            "without stops there is nothing to settle": "intrabar_order",
            "the file's orders fill at any open": "price_limit maximum_volume_share",
        },
    ),
)
