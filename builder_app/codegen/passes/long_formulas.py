"""The pass that gives names to long formulas: each stands in the text once, as a constant above the rules."""

from collections.abc import Iterator, Mapping
from typing import Final

from builder_app.codegen.literals import in_python, slug, width
from builder_app.codegen.passes.naming import fresh
from builder_app.codegen.plan import title_of
from builder_app.flow.formula_reading import FormulaFault, tree_of
from builder_app.flow.formulas import names_in
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Formula, LogicFlow, frozen_mapping

LONGEST_INSIDE: Final = 48
"""Columns: a formula up to this width stands where it is used, so that every line of RULES keeps within a page."""
LONGEST_CONSTANT: Final = 24
TAKEN: Final = frozenset(
    {"PARAMETERS", "RULES", "STEPS", "ENGINE", "CANNOT_SAY", "SETTINGS", "LEG", "OPENS", "DIGITS", "PLENTY"}
)
"""Constants that other parts of a text have."""


def long_formulas(flow: LogicFlow, catalogue: Catalogue) -> Mapping[str, str]:
    """For each long formula of the flow and of its groups the name of its constant, after the block that has it."""
    taken = set(TAKEN)
    names: dict[str, str] = {}
    for formula, title in _formulas(flow, catalogue):
        try:
            text = in_python(tree_of(formula))
        except FormulaFault:
            continue  # the pass that puts it into a recipe says what is wrong with it
        if formula not in names and names_in(Formula(formula)) and width(text) > LONGEST_INSIDE:
            stem = slug(title).upper()
            names[formula] = fresh([stem if stem[:1].isalpha() else f"FORMULA_{stem}"], taken, LONGEST_CONSTANT)
    return frozen_mapping(names)


def _formulas(flow: LogicFlow, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every formula with the words for where it is, by blocks' and parameters' names."""
    for body in (flow, *(flow.groups[id].body for id in sorted(flow.groups))):
        for _, node in sorted(body.nodes.items()):
            for name, value in sorted(node.parameters.items()):
                if isinstance(value, Formula):
                    yield value.text, f"{title_of(node, catalogue)} {name}"
