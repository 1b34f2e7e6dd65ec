"""Price files for tests, written in the many ways in which they are found."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from builder_app.market.importing.preparing import OnProgress, prepare
from builder_app.market.library import ImportCancelled, ImportReport, Library
from builder_app.market.prices import PricesUnreadable, read_prices

SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "stocks.csv.gz"

GOOD = """Date,Open,High,Low,Close,Volume
2020-01-02,10,12,9,11,100
2020-01-03,11,13,10,12,200
2020-01-06,12,14,11,13,300
"""


def written(folder: Path, text: str | bytes, name: str = "ABC.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def import_files(
    library: Library,
    paths: Sequence[Path],
    on_progress: OnProgress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Take files in as they are recognised, without repairs."""

    def told(stage: str, share: float) -> None:
        if cancelled():
            raise ImportCancelled("The import was cancelled; the library is as it was.")
        on_progress(stage, share)

    prepared = prepare(paths, lambda stage, share: told(stage, 0.5 * share), checked=False)
    return library.keep(prepared, {}, lambda stage, share: told(stage, 0.5 + 0.5 * share))


def problems_of(*paths: Path, **choice: object) -> tuple[str, ...]:
    """The sentences with which reading these files is refused."""
    with pytest.raises(PricesUnreadable) as caught:
        read_prices(paths, **choice)  # type: ignore[arg-type]
    assert are_sentences(caught.value.problems)
    return caught.value.problems


def are_sentences(problems: tuple[str, ...]) -> bool:
    """Is there a problem, and is each a whole sentence?"""
    return bool(problems) and all(sentence[0] != " " and sentence.endswith((".", "?")) for sentence in problems)


def random_bars(bars: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Five columns of plausible prices with all their digits."""
    random = np.random.default_rng(seed)
    close = 80 * np.exp(np.cumsum(random.normal(0, 0.02, bars)))
    open_ = close * (1 + random.normal(0, 0.01, bars))
    high = np.maximum(open_, close) * (1 + np.abs(random.normal(0, 0.01, bars)))
    low = np.minimum(open_, close) * (1 - np.abs(random.normal(0, 0.01, bars)))
    return {"open": open_, "high": high, "low": low, "close": close, "volume": random.uniform(0, 1e7, bars)}
