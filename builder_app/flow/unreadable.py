"""What is said of a text that holds no flow: every fault with its place in the JSON."""

from collections.abc import Iterable
from typing import Final

from builder_app.flow.problems import Problem, Severity

Path = tuple[str | int, ...]
"""A place in a JSON document: member names and list indices from the root."""

MOST_PROBLEMS: Final = 1_000
"""A hostile file could hold millions of faults; beyond this many they are counted no more."""


class FlowUnreadable(ValueError):
    """A text or JSON value that cannot be read as a flow; `problems` holds every fault found, in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{problem.message} {problem.hint}".rstrip() for problem in self.problems))


class Faults:
    """Collects faults while a document is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @property
    def is_full(self) -> bool:
        """Whether there is no use in looking on."""
        return len(self.problems) > MOST_PROBLEMS

    def add(self, rule: str, message: str, hint: str, node: str | None = None) -> None:
        """Note one fault; `message` and `hint` are whole sentences."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(Severity.ERROR, rule, message, node=node, hint=hint))
        elif len(self.problems) == MOST_PROBLEMS:
            message = f"There are more than {MOST_PROBLEMS:,} faults; the others are not listed."
            self.problems.append(Problem(Severity.ERROR, "too-many-faults", message, hint="Mend these first."))

    def raise_if_any(self) -> None:
        """Raise FlowUnreadable with what was collected, if anything was."""
        if self.problems:
            raise FlowUnreadable(self.problems)


def place(path: Path) -> str:
    """The path as JSONPath: `$.nodes[3].position.x`, `$.parameters["fast period"]`."""
    text = "$"
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier():
            text += f".{step}"
        else:
            text += f'["{step if len(step) <= 40 else step[:39] + "…"}"]'
    return text
