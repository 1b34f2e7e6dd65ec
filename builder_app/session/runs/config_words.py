"""What differs between two test set-ups, in words."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

from builder_app.flow.difference import Change, ChangeKind, Subject
from builder_app.quicktest.request import IntrabarOrder, TestConfig

_SYMBOLS_NAMED: Final = 6
_ORDERS: Final = {IntrabarOrder.STOP_FIRST: "the stop first", IntrabarOrder.TARGET_FIRST: "the target first"}


def config_difference(before: TestConfig, after: TestConfig) -> tuple[Change, ...]:
    """A sentence for each field that differs, as it would be said of turning `before` into `after`."""
    return tuple(
        Change(ChangeKind.CHANGED, Subject.STRATEGY, _sentence(field.name, before, after))
        for field in dataclasses.fields(TestConfig)
        if getattr(before, field.name) != getattr(after, field.name)
    )


def config_rows(config: TestConfig) -> tuple[tuple[str, str], ...]:
    """Every field in words, with its value in words: (`The capital`, `100,000`)."""
    rows = [("The pool", _pool(config.stock_pool))]
    for field in dataclasses.fields(TestConfig):
        if field.name != "stock_pool":
            title, words = _FIELDS.get(field.name, (f"The {field.name.replace('_', ' ')}", str))
            rows.append((title, words(getattr(config, field.name))))
    return tuple(rows)


def _sentence(name: str, before: TestConfig, after: TestConfig) -> str:
    if name == "stock_pool":
        return _pool_sentence(before.stock_pool, after.stock_pool)
    title, words = _FIELDS.get(name, (f"The set-up's {name.replace('_', ' ')}", str))
    return f"{title} is {words(getattr(after, name))} instead of {words(getattr(before, name))}."


def _pool_sentence(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    if not before or not after:
        return f"The pool is {_pool(after)} instead of {_pool(before)}."
    added, gone = [name for name in after if name not in before], [name for name in before if name not in after]
    parts = [f"{_names(names)} {verb}" for names, verb in ((added, "came in"), (gone, "went out")) if names]
    return f"In the pool {' and '.join(parts)}." if parts else "The pool has the same symbols in another order."


def _pool(symbols: tuple[str, ...]) -> str:
    return _names(list(symbols)) if symbols else "every symbol of the library"


def _names(symbols: list[str]) -> str:
    shown = ", ".join(symbols[:_SYMBOLS_NAMED])
    more = len(symbols) - _SYMBOLS_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _rate(value: float) -> str:
    return f"{value * 100:.6f}".rstrip("0").rstrip(".") + " %"


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _or_words(words: str, say: Callable[[Any], str] = _number) -> Callable[[Any], str]:
    """The value, or what its zero or None stands for."""
    return lambda value: say(value) if value else words


_FIELDS: Final[Mapping[str, tuple[str, Callable[[Any], str]]]] = {
    "start_date": ("The first day", _or_words("the first price there is", str)),
    "end_date": ("The last day", _or_words("the last price there is", str)),
    "initial_capital": ("The capital", _number),
    "commission_rate": ("The commission", _rate),
    "slippage": ("The slippage", _rate),
    "benchmark": ("The benchmark", _or_words("the pool, held", str)),
    "frequency": ("The frequency", str),
    "minimum_commission": ("The least commission", _number),
    "sell_tax_rate": ("The tax on selling", _rate),
    "lot_size": ("The lot size", _or_words("none (fractions are allowed)")),
    "maximum_positions": ("The most positions at once", _or_words("as many as the strategy says")),
    "intrabar_order": ("What counts when a bar touches stop and target", lambda order: _ORDERS.get(order, str(order))),
    "seed": ("The seed", str),
    "price_limit": ("The price limit", _or_words("none", _rate)),
    "maximum_volume_share": ("The largest share of a bar's volume", _or_words("any", _rate)),
}
