"""Texts that say something else than their picture, for what must find them out."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from builder_app.codegen.compile import compile_checked
from builder_app.codegen.program import Program
from builder_app.session.code import generating


def lie(patch: pytest.MonkeyPatch, told: str, instead: str, target: str = "standalone") -> None:
    """From now on every text for this engine says something else than its picture."""
    honest = compile_checked

    def lying(*asked: Any) -> Any:
        made = honest(*asked)
        if not isinstance(made, Program) or made.target != target:
            return made
        assert told in made.source
        source = made.source.replace(told, instead)
        return replace(made, source=source, sha256=hashlib.sha256(source.encode()).hexdigest())

    patch.setattr(generating, "compile_checked", lying)
