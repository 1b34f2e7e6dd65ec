"""Reading a formula: what is not on the list of what it may say is refused with a sentence; nothing is ever run."""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from builder_app.flow.formula_trees import FUNCTIONS, OPERATORS, Applied, Both, Named, Number, Tree, negative

LONGEST_FORMULA: Final = 5_000
"""Characters; names may be long."""
MOST_WORDS: Final = 100
"""Numbers, names and signs."""
DEEPEST: Final = 20
"""Levels of parentheses, signs and powers inside each other."""
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?P<stuck>\w*)
    |(?P<name>[^\W\d]\w*)|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<sign>\*\*|//|[-+*/%(),])|(?P<other>\S))""",
    re.VERBOSE,
)
_SUMS: Final = ("+", "-")
_PRODUCTS: Final = ("*", "/", "//", "%")
_END: Final = ""


class FormulaFault(ValueError):
    """A formula that cannot be read, or has no value. `why` follows “the formula `…`, ”; `hint` says what to do."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.why, self.hint = why, hint

    @property
    def sentence(self) -> str:
        """Both, as what stands under a field."""
        return f"{self.why[:1].upper()}{self.why[1:]}. {self.hint}"


@lru_cache(maxsize=4096)
def tree_of(text: str) -> Tree:
    """The tree of a formula. Raises FormulaFault, which says what is wrong and where."""
    if len(text) > LONGEST_FORMULA:
        raise FormulaFault(f"has more than {LONGEST_FORMULA:,} characters", "Say it with fewer.")
    return _Reader(text).formula()


class _Reader:
    """Goes through the text's words once, from left to right."""

    def __init__(self, text: str) -> None:
        self._words = [match for match in _TOKEN.finditer(text.rstrip()) if match.lastgroup]
        if len(self._words) > MOST_WORDS:
            raise FormulaFault(f"has more than {MOST_WORDS} numbers, names and signs", "Say it with fewer.")
        self._at = 0

    def formula(self) -> Tree:
        """All of it."""
        tree = self._sum(0)
        if self._at < len(self._words):
            raise self._unfit("where an operator, or its end, should stand")
        return tree

    def _sum(self, depth: int) -> Tree:
        """Parts added and subtracted."""
        if depth > DEEPEST:
            raise FormulaFault("is nested too deeply", "Take parentheses out, or split it into two parameters.")
        tree = self._product(depth)
        while (sign := self._sign()) in _SUMS:
            self._at += 1
            tree = Both(sign, tree, self._product(depth))
        return tree

    def _close(self) -> None:
        if self._at == len(self._words):
            raise FormulaFault("ends without a ')'", "Close every parenthesis.")
        if self._sign() != ")":
            raise self._unfit("where an operator or a ')' should stand")
        self._at += 1

    def _product(self, depth: int) -> Tree:
        tree = self._signed(depth)
        while (sign := self._sign()) in _PRODUCTS:
            self._at += 1
            tree = Both(sign, tree, self._signed(depth))
        return tree

    def _signed(self, depth: int) -> Tree:
        if (sign := self._sign()) in _SUMS:
            if depth > DEEPEST:
                raise FormulaFault("has too many signs in a row", "Keep one of them.")
            self._at += 1
            operand = self._signed(depth + 1)
            return negative(operand) if sign == "-" else operand
        tree = self._atom(depth)
        if self._sign() == "**":
            if depth > DEEPEST:
                raise FormulaFault("has too many powers inside each other", "Split it into two parameters.")
            self._at += 1
            return Both("**", tree, self._signed(depth + 1))
        return tree

    def _atom(self, depth: int) -> Tree:
        word = self._words[self._at] if self._at < len(self._words) else None
        if word is None:
            why = "ends where a number or a strategy parameter should follow" if self._words else "is empty"
            raise FormulaFault(why, "Write for example 2 * fast_period + 1.")
        self._at += 1
        match word.lastgroup:
            case "number" | "stuck":
                return self._number(word)
            case "quoted":
                return Named(re.sub(r"\\(.)", r"\1", word["quoted"][1:-1]))
            case "name" if self._sign() == "(":
                return self._applied(word["name"], depth)
            case "name":
                return Named(word["name"])
        if word["sign"] == "(":
            tree = self._sum(depth + 1)
            self._close()
            return tree
        self._at -= 1
        raise self._unfit("where a number or a strategy parameter should stand")

    def _number(self, word: re.Match[str]) -> Tree:
        text = word["number"].replace("_", "")
        if word["stuck"]:
            raise FormulaFault(
                f"holds '{word['number']}{word['stuck']}', which is neither a number nor a name",
                f"Write {text} * {word['stuck']} for a product.",
            )
        whole = text.isdigit()
        return Number(int(text) if whole else float(text))

    def _applied(self, function: str, depth: int) -> Tree:
        if function not in FUNCTIONS:
            near = get_close_matches(function, FUNCTIONS, n=1)
            hint = f"Did you mean {near[0]}(…)?" if near else f"It may use {', '.join(FUNCTIONS)}."
            raise FormulaFault(f"uses {function[:40]}(…), which a formula does not know", hint)
        self._at += 1
        arguments = [self._sum(depth + 1)]
        while self._sign() == ",":
            self._at += 1
            arguments.append(self._sum(depth + 1))
        self._close()
        least, most = FUNCTIONS[function]
        if not least <= len(arguments) <= most:
            takes = str(least) if least == most else f"{least} to {most}"
            raise FormulaFault(
                f"gives {function}(…) {len(arguments)} number{'s' if len(arguments) > 1 else ''}",
                f"It takes {takes}, with commas between them." if most > 1 else "It takes one.",
            )
        return Applied(function, tuple(arguments))

    def _sign(self) -> str | None:
        return self._words[self._at]["sign"] if self._at < len(self._words) else _END

    def _unfit(self, where: str) -> FormulaFault:
        """The fault that the word at hand does not belong there."""
        found = self._words[self._at][0].strip()
        known = f"It may use numbers, strategy parameters, {' '.join(OPERATORS)}, parentheses, {', '.join(FUNCTIONS)}."
        return FormulaFault(f"has '{found[:40]}' {where}", _INSTEAD.get(found, known))


_INSTEAD: Final = {
    "^": "Write ** for a power.",
    "=": "Leave the '=' out.",
    "×": "Write * for a product.",
    "<": "It must be a number, not a condition.",
    ">": "It must be a number, not a condition.",
}
