"""The pass that says where values may be missing in the middle of a series, which indicators do not recover from."""

from dataclasses import replace
from typing import Final

from builder_app.codegen.expressions import Call, Expression, NotANumber, walk
from builder_app.codegen.plan import Draft

_MAY_HAVE_NO_VALUE: Final = frozenset(
    {"divide", "np.log", "np.log1p", "np.sqrt", "np.power", "z_score", "correlation", "z_score_across"}
)


def remark_gaps(draft: Draft) -> Draft:
    """Add a remark for each indicator that is fed by a division, a logarithm or the like."""
    with_gaps: set[Expression] = set()
    remarks: dict[str, None] = {}
    for statement in draft.statements:
        parts = list(walk(statement.expression))
        opens = any(
            isinstance(part, NotANumber) or (isinstance(part, Call) and part.function in _MAY_HAVE_NO_VALUE)
            for part in parts
        )
        fed = opens or any(part in with_gaps for part in parts)
        if fed:
            with_gaps.update(result for result in statement.results if result is not None)
        if fed and isinstance(statement.expression, Call) and statement.expression.function.startswith("ta."):
            remarks.update((_said(draft, node), None) for node in statement.nodes if node)
    return replace(draft, remarks=(*draft.remarks, *remarks))


def _said(draft: Draft, node: str) -> str:
    return (
        f"The block '{draft.title(node)}' is fed by a value that is missing where, say, a division is by 0; "
        "from the first such bar on its indicator means nothing."
    )
