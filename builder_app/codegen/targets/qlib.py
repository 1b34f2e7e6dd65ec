"""What Qlib keeps of the rules: read in its source, version 0.9, and proven by runs."""

from typing import Final

from builder_app.codegen.targets.capability import LEVELS, Target, verdicts

QLIB: Final = Target(
    name="qlib",
    title="Qlib",
    requirements=("pyqlib~=0.9.7",),
    licence="MIT",
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
        "qlib",
        "running",
    ),
    how_to_run="`python strategy.py prices.csv` prints the trades; or give FlowStrategy to qlib.backtest.backtest",
    says=verdicts(
        equal=(
            "long strength size_shares size_cash size_percent_of_equity "
            "size_series size_maximum time_stop maximum_positions "
            "fill_at_open first_bar exit_before_stop entry_bar gap_through_level ambiguous_bar "
            "shared_cash short_margin missing_bars slippage commission_rate lot_size"
        ),
        different={
            "prices are kept as 32-bit numbers, so the seventh digit may differ": "exact_prices",
            "an order that rounding makes too dear is filled for the cash that is there": "refused_whole",
            "the minimum holds for commission and tax together": "minimum_commission sell_tax_rate",
            "they stay open, and are listed at the last close without its costs": "end_of_test",
        },
        refusals={
            "its exchange sells only what is held": "short both_ways both_ways_percent",
            "it has no stop orders": f"{' '.join(LEVELS)} stop_and_trailing target_part",
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
