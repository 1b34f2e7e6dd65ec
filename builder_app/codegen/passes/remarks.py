"""The pass that says where values may be missing in the middle of a series, which indicators do not recover from."""

from collections.abc import Set
from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import Call, Expression, NotANumber, Reference, walk
from builder_app.codegen.plan import Draft

_MAY_HAVE_NO_VALUE: Final = frozenset(
    {"divide", "np.log", "np.log1p", "np.sqrt", "np.power", "z_score", "correlation", "z_score_across"}
)


def remark_gaps(draft: Draft) -> Draft:
    """Add a remark for each indicator that is fed by a division, a logarithm or the like."""
    with_gaps: set[Reference] = set()
    remarks: dict[str, None] = {}
    for statement in draft.statements:
        fed = any(_may_have_gaps(part, with_gaps) for part in walk(statement.expression))
        if fed:
            with_gaps.update(result for result in statement.results if result is not None)
        if fed and isinstance(statement.expression, Call) and statement.expression.function.startswith("ta."):
            remarks.update((_said(draft, node), None) for node in statement.nodes if node)
    return replace(draft, remarks=(*draft.remarks, *remarks))


def _may_have_gaps(part: Expression, with_gaps: Set[Reference]) -> bool:
    """Whether a value may be missing here, by what it says or by what it takes over."""
    if isinstance(part, Call):
        return part.function in _MAY_HAVE_NO_VALUE
    return part in with_gaps if isinstance(part, Reference) else isinstance(part, NotANumber)


def _said(draft: Draft, node: str) -> str:
    return (
        f"The block '{draft.title(node)}' is fed by a value that is missing where, say, a division is by 0; "
        "from the first such bar on its indicator means nothing."
    )
