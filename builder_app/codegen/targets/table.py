"""The README's table of targets, from what each says: `python -m builder_app.codegen.targets.table` prints it."""

import sys
from typing import Final

from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.capability import RULES, Said, Scope, Verdict

BEGIN: Final = "<!-- targets: made by python -m builder_app.codegen.targets.table -->"
END: Final = "<!-- end of targets -->"
_HEADINGS: Final = {
    Scope.FLOW: "What a flow may say",
    Scope.ENGINE: "What holds in every test",
    Scope.SET_UP: "What the test set-up may say",
}
_WORDS: Final = {Verdict.EQUAL: "equal", Verdict.DIFFERS: "differs", Verdict.REFUSED: "refused"}


def table() -> str:
    """Markdown: a row per rule, a column per target; the reasons stand below, numbered where they first occur."""
    notes: dict[str, int] = {}
    lines = [BEGIN, "", *_engines(), ""]
    for scope, heading in _HEADINGS.items():
        lines += [f"| {heading} | {' | '.join(target.title for target in TARGETS.values())} |"]
        lines += ["|---" * (len(TARGETS) + 1) + "|"]
        for name, rule in RULES.items():
            if rule.scope is scope:
                cells = [_cell(target.says[name], notes) for target in TARGETS.values()]
                lines.append(f"| {rule.title} | {' | '.join(cells)} |")
        lines.append("")
    lines += [f"{number}. {because}." for because, number in notes.items()]
    return "\n".join([*lines, "", END]) + "\n"


def _engines() -> list[str]:
    rows = [f"| {each.title} | {', '.join(each.requirements)} | {each.licence} |" for each in TARGETS.values()]
    return ["| Engine | Written for and run in tests with | Licence |", "|---|---|---|", *rows]


def _cell(said: Said, notes: dict[str, int]) -> str:
    if said.verdict is Verdict.EQUAL:
        return _WORDS[said.verdict]
    number = notes.setdefault(said.because, len(notes) + 1)
    return f"{_WORDS[said.verdict]} ({number})"


def main() -> int:
    """Print the table."""
    sys.stdout.write(table())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
