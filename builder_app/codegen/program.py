"""What code generation gives: the text, its hash, and where in it each block is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

GENERATOR_VERSION: Final = "0.1.0"


class ValidationStatus(StrEnum):
    """The outcome of the checks, as kept in `code_generations.validation_status`."""

    PENDING = "PENDING"
    VALID = "VALID"
    SYNTAX_ERROR = "SYNTAX_ERROR"
    SECURITY_ERROR = "SECURITY_ERROR"
    RUNTIME_ERROR = "RUNTIME_ERROR"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of a check, at a line of the text (1-based; 0: the whole text)."""

    line: int
    message: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class GivenAdvice:
    """A piece of advice on the strategy, as it is kept with the text; `taken`: its edit was made."""

    rule: str
    node: str
    message: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The checks' findings, in the shape of `code_generations.validation_result`."""

    syntax_errors: tuple[Finding, ...] = ()
    security_warnings: tuple[Finding, ...] = ()
    lint_warnings: tuple[Finding, ...] = ()
    imports_used: tuple[str, ...] = ()
    forbidden_imports: tuple[str, ...] = ()
    complexity_score: int = 0
    line_count: int = 0
    runtime_error: str = ""
    """What the text failed with when it was run on a small panel, or how it differs from its picture there."""
    certificate: str = ""
    """On what the text was found to equal its picture, as a sentence; empty as long as it was not compared."""
    advice: tuple[GivenAdvice, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether nothing failed so far."""
        return self.status is ValidationStatus.VALID

    @property
    def failures(self) -> tuple[str, ...]:
        """What keeps the text from being used, in sentences; remarks of the linter are none of it."""
        found = [
            f"Line {finding.line} of the code: {finding.message}"
            for finding in (*self.syntax_errors, *self.security_warnings)
        ]
        found += [f"The code may not import {name}." for name in self.forbidden_imports]
        return (*found, self.runtime_error) if self.runtime_error else tuple(found)

    @property
    def status(self) -> ValidationStatus:
        """The first of syntax, security and run time that failed, or VALID."""
        if self.syntax_errors:
            return ValidationStatus.SYNTAX_ERROR
        if self.security_warnings or self.forbidden_imports:
            return ValidationStatus.SECURITY_ERROR
        return ValidationStatus.RUNTIME_ERROR if self.runtime_error else ValidationStatus.VALID


@dataclass(frozen=True, slots=True)
class Program:
    """Generated code. `sha256` is the hex digest of `source` in UTF-8; `flow_hash` that of what the flow says.

    `lines` gives for each line of the text (index 0 is line 1) the ids of the nodes it comes from.
    """

    target: str
    source: str
    sha256: str
    flow_hash: str
    lines: tuple[tuple[str, ...], ...]
    imports: tuple[str, ...]
    warm_up: int = 0
    """Bars before every step has a value: the longest chain of look-backs."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """For each output port that became a named step, "node.port" → its name in the text."""
    other_symbols: tuple[str, ...] = ()
    """Symbols that the strategy looks at beside those it trades: their prices are needed too."""
    remarks: tuple[str, ...] = ()
    """What the generator chose in words: a default size, blocks left out because nothing uses them."""
