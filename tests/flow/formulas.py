"""Hypothesis strategies for formulas over strategy parameters."""

from collections.abc import Sequence

from hypothesis import strategies as st

from builder_app.flow.formula_trees import FUNCTIONS, OPERATORS, Applied, Both, Named, Number, Tree, negative

whole_numbers = st.integers(0, 40)
numbers: st.SearchStrategy[int | float] = whole_numbers | st.sampled_from((0.5, 1.5, 2.0, 2.5, 10.0, 1e-7, 0.1))


def trees(names: Sequence[str], most: int = 8) -> st.SearchStrategy[Tree]:
    """Any formula over these strategy parameters (at least one), with or without a value."""
    leaves = st.builds(Number, numbers) | st.builds(Named, st.sampled_from(names))
    return st.recursive(leaves, _larger, max_leaves=most)


def _larger(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    operators = st.sampled_from(sorted(OPERATORS))
    return st.one_of(
        st.builds(negative, parts),
        st.builds(Both, operators, parts, parts),
        st.sampled_from(sorted(FUNCTIONS)).flatmap(
            lambda name: st.builds(Applied, st.just(name), _arguments(name, parts))
        ),
    )


def _arguments(function: str, parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[tuple[Tree, ...]]:
    if function == "round":
        return parts.map(lambda part: (part,)) | st.tuples(parts, st.builds(Number, st.integers(0, 3)))
    least, most = FUNCTIONS[function]
    return st.lists(parts, min_size=least, max_size=min(most, 3)).map(tuple)
