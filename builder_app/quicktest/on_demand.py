"""A sequence whose items are made from another one's only when somebody looks at them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Source = TypeVar("Source")
Item = TypeVar("Item")


class OnDemand(Sequence[Item], Generic[Source, Item]):
    """`make(item)` for each item of `source`; equal to any sequence of equal items."""

    __slots__ = ("_make", "_source")

    def __init__(self, source: Sequence[Source], make: Callable[[Source], Item]) -> None:
        self._source, self._make = source, make

    def __len__(self) -> int:
        return len(self._source)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if isinstance(index, slice):
            return tuple(map(self._make, self._source[index]))
        return self._make(self._source[index])

    def __iter__(self) -> Iterator[Item]:
        return map(self._make, self._source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(a == b for a, b in zip(self, other))  # noqa: B905

    __hash__ = None  # type: ignore[assignment]
