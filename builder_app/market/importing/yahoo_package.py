"""The package yfinance, which is an extra: asking it for one symbol's bars, and what goes wrong there in sentences."""

import contextlib
import datetime
import logging
import queue
import threading
import warnings
from collections.abc import Callable
from typing import Any, Final

from builder_app.market.prices import PricesUnreadable

NOT_INSTALLED: Final = (
    "Prices from Yahoo need the package yfinance, which is not installed here: pip install 'strategy-builder[yahoo]'. "
    "Prices from files need nothing more."
)
TIMEOUT: Final = 20
"""Seconds; yfinance may ask several times for one symbol."""
_LOOK: Final = 0.1
"""Seconds between two looks at whether the fetching was stopped."""


class YahooSilent(PricesUnreadable):
    """Yahoo answers nobody for now, so that it makes no sense to ask for other symbols; why, and what to do."""

    def __init__(self, why: str, advice: str) -> None:
        self.why, self.advice = why, advice
        super().__init__([f"{why}; {advice}."])

    def about(self, symbols: tuple[str, ...]) -> str:
        """The sentence for what was not fetched because of it."""
        more = len(symbols) - 3
        names = ", ".join(symbols[:3]) + (f" and {more:,} more" if more > 0 else "")
        return f"{self.why}, so {names} {'was' if len(symbols) == 1 else 'were'} not fetched; {self.advice}."


def is_installed() -> bool:
    """Is the package yfinance there?"""
    import importlib.util

    return importlib.util.find_spec("yfinance") is not None


def awaited(ask: Callable[[], Any], still_waiting: Callable[[], None]) -> Any:
    """What `ask` answers or raises. It is asked in a thread of its own, because nothing else stops a request on its
    way: what `still_waiting` raises ends the waiting, and the answer is dropped when it comes."""
    answers: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put((ask(), None))
        except Exception as error:  # raised again by whoever waits
            answers.put((None, error))

    threading.Thread(target=work, name="yahoo", daemon=True).start()
    while True:
        try:
            answer, error = answers.get(timeout=_LOOK)
        except queue.Empty:
            still_waiting()
            continue
        if error is not None:
            raise error
        return answer


def history(symbol: str, interval: str, minutes: int, asked: dict[str, Any]) -> Any:
    """The symbol's bars as yfinance gives them, a pandas DataFrame; `asked` has its start and end, or its period.

    A bar that is not over yet (of `minutes`, or of a day where that is 0) is left out; `attrs["remarks"]` says so.
    Raises PricesUnreadable, or YahooSilent.
    """
    try:
        import yfinance
    except ImportError:
        raise PricesUnreadable([NOT_INSTALLED]) from None
    warnings.filterwarnings("ignore", module="yfinance")  # what it does with pandas is its own matter
    logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # what it would say is said here, in sentences
    try:
        yfinance.config.debug.hide_exceptions = False
        ticker = yfinance.Ticker(symbol)
        frame = ticker.history(interval=interval, auto_adjust=False, actions=False, timeout=TIMEOUT, **asked)
        return _without_unfinished(symbol, frame, minutes, ticker)
    except Exception as error:  # yfinance lets through whatever its libraries raise
        _forget_answers(yfinance)
        raise _trouble(symbol, error) from error


def _without_unfinished(symbol: str, frame: Any, minutes: int, ticker: Any) -> Any:
    if frame is None or not len(frame) or frame.index.tz is None:
        return frame
    last, now = frame.index[-1], datetime.datetime.now(datetime.UTC)
    if minutes:
        ends = last + datetime.timedelta(minutes=minutes)
    elif last.date() < now.astimezone(last.tzinfo).date():
        return frame
    else:
        period = dict(ticker.history_metadata.get("currentTradingPeriod") or {})
        ends = dict(period.get("regular") or {}).get("end") or last + datetime.timedelta(days=1)
    if ends <= now:
        return frame
    left = frame.iloc[:-1]
    shown = f"{last:%Y-%m-%d %H:%M}" if minutes else f"{last:%Y-%m-%d}"
    left.attrs["remarks"] = (f"The bar of {shown} was not over when {symbol} was fetched, so it was left out.",)
    return left


def _forget_answers(yfinance: Any) -> None:
    """yfinance keeps answers, failed ones too, as long as the program runs: trying again would bring them again."""
    with contextlib.suppress(AttributeError):  # a version that keeps them elsewhere, or not at all
        yfinance.data.YfData.cache_get.cache_clear()


def _trouble(symbol: str, error: Exception) -> PricesUnreadable:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(getattr(error, "response", None), "status_code", 0)
    text = str(error).replace("\n", " ").strip().rstrip(".")[:200]
    if "YFRateLimitError" in kinds or status == 429:
        return YahooSilent("Yahoo refuses more requests for now", "try again in some minutes")
    if "YFTzMissingError" in kinds or status == 404:
        return PricesUnreadable([f"Yahoo knows no symbol {symbol}; look up how it is written there."])
    if "YFTickerMissingError" in kinds:
        reason = text.removeprefix(f"${symbol}: ").removeprefix("possibly delisted; ")
        return PricesUnreadable([f"Yahoo gave no prices of {symbol} ({reason}); choose other dates."])
    if kinds & {"SSLError", "CertificateVerifyError"}:
        advice = "where the proxy of a firm reads along, name its certificates in REQUESTS_CA_BUNDLE"
        return YahooSilent("Yahoo could not be reached safely, as its certificate is not trusted here", advice)
    if isinstance(error, OSError) and not status:
        return YahooSilent("Yahoo could not be reached", "check the network, or import a file")
    if isinstance(error, OSError) and status < 400:
        return PricesUnreadable([f"Yahoo's answer for {symbol} broke off half way; try again."])
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    advice = "try again in some minutes, or bring yfinance up to date: pip install --upgrade yfinance"
    return PricesUnreadable([f"Yahoo's answer for {symbol} could not be understood ({said}); {advice}."])
