"""The test set-up as JSON: what `quick_tests.test_config`, drafts and exported folders hold."""

import dataclasses
import datetime
import difflib
from collections.abc import Mapping
from typing import Any, Final

from builder_app.flow.limits import is_storable_number
from builder_app.quicktest.request import IntrabarOrder, TestConfig

_FRACTIONS: Final = ("commission_rate", "slippage", "sell_tax_rate")
_AMOUNTS: Final = ("minimum_commission", "lot_size")


class ConfigUnreadable(ValueError):
    """The test set-up cannot be used; `problems` are whole sentences, all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def config_to_json(config: TestConfig) -> dict[str, Any]:
    """Each field by its name; dates as ISO text."""
    values = dataclasses.asdict(config)
    for name in ("start_date", "end_date"):
        day = values[name]
        values[name] = None if day is None else day.isoformat()
    values["stock_pool"] = list(config.stock_pool)
    values["intrabar_order"] = config.intrabar_order.value
    return values


def config_from_json(content: Any) -> TestConfig:
    """The set-up; a missing field has its default. Raises ConfigUnreadable with every reason at once."""
    if not isinstance(content, Mapping):
        raise ConfigUnreadable((f"The test set-up must be a JSON object; it was {type(content).__name__}.",))
    names = [field.name for field in dataclasses.fields(TestConfig)]
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name, value in content.items():
        if name not in names:
            near = difflib.get_close_matches(str(name), names, 1)
            hint = f" Did you mean '{near[0]}'?" if near else f" Known are: {', '.join(names)}."
            problems.append(f"The test set-up has no '{name}'.{hint}")
            continue
        try:
            values[name] = _field(name, value)
        except ValueError as reason:
            problems.append(str(reason))
    if problems:
        raise ConfigUnreadable(tuple(problems))
    config = TestConfig(**values)
    problems += config_problems(config)
    if problems:
        raise ConfigUnreadable(tuple(problems))
    return config


def config_problems(config: TestConfig) -> list[str]:
    """What is wrong with the values taken together."""
    problems = []
    if config.start_date and config.end_date and config.start_date > config.end_date:
        problems.append(
            f"The test would start on {config.start_date}, after its end on {config.end_date}; exchange the two dates."
        )
    if config.frequency != "daily":
        problems.append(f"The frequency was '{config.frequency}'; only 'daily' bars can be tested.")
    return problems


def _field(name: str, value: Any) -> Any:
    match name:
        case "start_date" | "end_date":
            return _day(name, value)
        case "stock_pool":
            if not isinstance(value, list | tuple) or not all(isinstance(symbol, str) for symbol in value):
                raise ValueError('The \'stock_pool\' must be a list of symbols, for example ["AAPL", "MSFT"].')
            return tuple(value)
        case "benchmark":
            if value is not None and not isinstance(value, str):
                raise ValueError("The 'benchmark' must be a symbol, or null for the pool bought and held.")
            return value
        case "frequency":
            return str(value)
        case "intrabar_order":
            return _intrabar_order(value)
        case "maximum_positions" | "seed":
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValueError(f"'{name}' must be a whole number of at least 0; it was {_shown(value)}.")
            return value
        case _:
            return _number(name, value)


def _intrabar_order(value: Any) -> IntrabarOrder:
    try:
        return IntrabarOrder(value)
    except ValueError:
        choices = " or ".join(f"'{order.value}'" for order in IntrabarOrder)
        raise ValueError(f"'intrabar_order' must be {choices}; it was {_shown(value)}.") from None


def _day(name: str, value: Any) -> datetime.date | None:
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"'{name}' must be a date like 2010-12-31; it was {_shown(value)}.") from None


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_storable_number(value):
        raise ValueError(f"'{name}' must be a number; it was {_shown(value)}.")
    if name == "initial_capital" and value <= 0:
        raise ValueError(f"'initial_capital' must be above 0; it was {value:g}.")
    if name in _FRACTIONS and not 0 <= value < 1:
        raise ValueError(
            f"'{name}' is a fraction and must be from 0 up to, but not, 1 (0.001 is 0.1 %); it was {value:g}."
        )
    if name in _AMOUNTS and value < 0:
        raise ValueError(f"'{name}' must not be negative; it was {value:g}.")
    return float(value)


def _shown(value: Any) -> str:
    """The value in a sentence; a long one is cut short."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
