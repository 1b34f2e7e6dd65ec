"""Which files serve a pool at a frequency: the symbols' own, or the longest bars that these can be made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder_app.market.bar_files import SUFFIX, file_name
from builder_app.market.frequencies import length_of
from builder_app.market.resampling import can_make


@dataclass(frozen=True, slots=True)
class Served:
    """For each wanted symbol the name of its file. `absent`: symbols without any file; `unfit`: with none that fits."""

    files: tuple[str, ...]
    absent: tuple[str, ...] = ()
    unfit: tuple[tuple[str, str], ...] = ()
    """Symbol, or the part of a file's name that stands for it, and the frequency that it has."""


def serving(names: Iterable[str], pool: Sequence[str], frequency: str) -> Served:
    """The files of these names that serve the pool; an empty pool is every symbol that can be served."""
    have = _by_stem(names)
    if not pool:
        chosen = [_best(have[stem], frequency) for stem in sorted(have)]
        return Served(tuple(name for name in chosen if name is not None))
    files, absent, unfit = [], [], []
    for symbol in dict.fromkeys(pool):
        stem = file_name(symbol, "").rpartition("~")[0]
        best = _best(have.get(stem, {}), frequency)
        if best is not None:
            files.append(best)
        elif stem in have:
            unfit.append((symbol, next(iter(have[stem]))))
        else:
            absent.append(symbol)
    return Served(tuple(files), tuple(absent), tuple(unfit))


def _by_stem(names: Iterable[str]) -> Mapping[str, dict[str, str]]:
    """For each symbol's part of the names its frequencies with their files."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        stem, _, frequency = name.removesuffix(SUFFIX).rpartition("~")
        found.setdefault(stem, {})[frequency] = name
    return found


def _best(frequencies: Mapping[str, str], wanted: str) -> str | None:
    if wanted in frequencies:
        return frequencies[wanted]
    fitting = [given for given in frequencies if can_make(wanted, given)]
    return frequencies[max(fitting, key=length_of)] if fitting else None
