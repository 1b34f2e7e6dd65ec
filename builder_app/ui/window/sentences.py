"""Short texts for the status line."""

from collections.abc import Sequence

from builder_app.flow.problems import Problem
from builder_app.flow.values import LogicFlow
from builder_app.session import TestConfig
from builder_app.session.prices.price_library import FREQUENCY_TITLES
from builder_app.session.rooms import SymbolInfo

SYMBOLS_NAMED = 4
DRAFTS_NAMED = 3


def counted(number: int, one: str, many: str) -> str:
    """ "1 block", "14 blocks"."""
    return f"{number:,} {one if number == 1 else many}"


def left_drafts(names: Sequence[str]) -> str:
    """That drafts were left behind, which ones, and where they are."""
    named = ", ".join(f"'{name}'" for name in names[:DRAFTS_NAMED])
    more = f" and {len(names) - DRAFTS_NAMED} more" if len(names) > DRAFTS_NAMED else ""
    which = f"The draft {named} was" if len(names) == 1 else f"The drafts {named}{more} were"
    is_kept = "It is" if len(names) == 1 else "They are"
    return f"{which} left for over a day without being saved. {is_kept} on the start page, and kept for 30 days."


def block_count(flow: LogicFlow) -> str:
    """How large the picture is."""
    return counted(len(flow.nodes), "block", "blocks")


def problem_count(problems: Sequence[Problem]) -> str:
    """How many problems it has."""
    return counted(len(problems), "problem", "problems") if problems else "no problems"


def pool_line(symbols: Sequence[SymbolInfo], config: TestConfig | None) -> str:
    """Which prices a test would use: "AAPL MSFT GOOG 2000–2013 daily"."""
    chosen = [info for info in symbols if config is None or not config.stock_pool or info.symbol in config.stock_pool]
    if not chosen:
        return "no prices"
    named = list(dict.fromkeys(info.symbol for info in chosen))
    names = " ".join(named[:SYMBOLS_NAMED])
    more = f" +{len(named) - SYMBOLS_NAMED}" if len(named) > SYMBOLS_NAMED else ""
    frequency = FREQUENCY_TITLES[config.frequency].lower() if config is not None else "daily"
    first = min(info.start for info in chosen).year
    last = max(info.end for info in chosen).year
    if config is not None and config.start_date:
        first = max(first, config.start_date.year)
    if config is not None and config.end_date:
        last = min(last, config.end_date.year)
    return f"{names}{more} {first}–{last} {frequency}"
