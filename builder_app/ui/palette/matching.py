"""Finding blocks by what is typed: by name, synonym and type, with letters left out or one letter wrong."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import NodeType
from builder_app.ui.palette.groups import GROUP_TITLES

_NAME: Final = 1.0
_SYNONYM: Final = 0.9
_TYPE: Final = 0.5
_OWN_TYPE: Final = 0.05
"""What it adds when the type matches too: of all blocks called a stop, those that are stops come first."""
_ALIKE: Final = 0.79
_TYPE_ORDER: Final = {type: place for place, type in enumerate(NodeType)}


def ranked(query: str, templates: Iterable[NodeTemplate], preferred: Sequence[str] = ()) -> tuple[NodeTemplate, ...]:
    """The templates that match every word of `query`, the best first; for an empty query all, in their types' order.

    Of those that match equally well the `preferred` ones (by name, in their order) come first, then short names.
    """
    likes = {name: place for place, name in enumerate(preferred)}
    indifferent = len(likes)
    terms = query.casefold().split()
    scored = [(score, template) for template in templates if (score := _score(terms, template)) > 0]
    scored.sort(
        key=lambda pair: (
            -pair[0],
            likes.get(pair[1].name, indifferent),
            _TYPE_ORDER[pair[1].node_type],
            len(pair[1].display_name) if terms else 0,
            pair[1].display_name.casefold(),
        )
    )
    return tuple(template for _, template in scored)


def _score(terms: list[str], template: NodeTemplate) -> float:
    """How well a template matches: 0 where one of the terms matches nothing of it."""
    if not terms:
        return 1.0
    fields = [
        (_NAME, template.display_name),
        (_NAME, template.name.replace("_", " ")),
        *((_SYNONYM, synonym) for synonym in template.synonyms),
        (_TYPE, GROUP_TITLES[template.node_type]),
        (_TYPE, template.node_type.value.replace("_", " ")),
        (_TYPE, template.category.replace("_", " ")),
    ]
    folded = [(weight, text.casefold()) for weight, text in fields if text]
    total = max(weight * _likeness(" ".join(terms), text) for weight, text in folded)
    for term in terms:
        best = max(weight * _likeness(term, text) for weight, text in folded)
        if best <= 0:
            return 0.0
        total += best
    of_type = max(_likeness(term, GROUP_TITLES[template.node_type].casefold()) for term in terms)
    return total + _OWN_TYPE * of_type


def _likeness(term: str, text: str) -> float:
    """From 0 (nothing in common) to 100 (the same)."""
    if term == text:
        return 100.0
    if text.startswith(term):
        return 92.0
    parts = text.replace("-", " ").split()
    if any(part.startswith(term) for part in parts):
        return 78.0
    if len(term) > 1 and "".join(part[0] for part in parts).startswith(term):
        return 70.0
    if term in text:
        return 60.0
    if len(term) >= 4 and any(_one_slip(term, part) for part in parts):
        return 40.0
    return _subsequence(term, text)


@lru_cache(maxsize=1 << 15)
def _one_slip(term: str, part: str) -> bool:
    """Whether `term` is `part`, or its beginning, but for about one letter."""
    shared = len(term) - len(set(term) - set(part))  # at most so many letters can agree: most words end here
    return any(
        2 * shared > _ALIKE * (len(term) + min(length, len(part)))
        and SequenceMatcher(None, term, part[:length], autojunk=False).ratio() > _ALIKE
        for length in {len(part), len(term), len(term) + 1}
        if abs(length - len(term)) <= 1
    )


def _subsequence(term: str, text: str) -> float:
    """Up to 35 where the letters stand in `text` in order and near each other, the first at a word's beginning."""
    if len(term) < 2:
        return 0.0
    best = 0.0
    beginnings = [place for place in range(len(text)) if text[place - 1 : place] in ("", " ")]
    for start in [place for place in beginnings if text[place] == term[0]]:
        place = start
        for letter in term[1:]:
            place = text.find(letter, place + 1)
            if place < 0:
                break
        else:
            spread = (place - start + 1) / len(term)
            best = max(best, 35.0 / spread if spread <= 3 else 0.0)
    return best
