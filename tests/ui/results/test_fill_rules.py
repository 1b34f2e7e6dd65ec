"""The fill rules are read as paragraphs, from the first rule on."""

import re

from builder_app.session import FILL_RULES
from builder_app.ui.results.fill_rules import fill_rule_paragraphs

WRITTEN = """The rules, and the loop.

A slot is a leg on a symbol. The rules:

1. What is decided at a close is filled
   at the next open.
2. Slippage is 0.5 % of the price, and
   3.5 % would be much.

Deciding at a close: an exit
beats an entry.

This file is written in a part of Python.
"""


def test_wrapped_lines_are_joined_and_rule_1_comes_first() -> None:
    assert fill_rule_paragraphs(WRITTEN).split("\n\n") == [
        "1. What is decided at a close is filled at the next open.",
        "2. Slippage is 0.5 % of the price, and 3.5 % would be much.",
        "Deciding at a close: an exit beats an entry.",
    ]


def test_text_without_rules_is_nothing() -> None:
    assert fill_rule_paragraphs("How the loop is written.\n\nIt is fast.") == ""
    assert fill_rule_paragraphs("") == ""


def test_the_engines_rules_are_all_there_in_order_and_say_nothing_of_its_code() -> None:
    paragraphs = fill_rule_paragraphs(FILL_RULES).split("\n\n")
    numbers = [int(match[1]) for text in paragraphs if (match := re.match(r"(\d+)\. ", text))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 7
    assert len(paragraphs) == len(numbers) + 1, "after the rules, how a close is decided"
    assert not any("numba" in text or "slot is" in text for text in paragraphs)
    kept = " ".join(paragraphs)
    rules = FILL_RULES[FILL_RULES.index("1. ") : FILL_RULES.index("This file ")]
    assert kept.split() == rules.split(), "no word of the rules is lost"
