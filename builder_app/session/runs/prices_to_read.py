"""Which prices a test of a program needs beside those that it trades."""

from dataclasses import replace
from typing import TYPE_CHECKING

from builder_app.codegen.program import Program
from builder_app.quicktest.request import TestConfig

if TYPE_CHECKING:
    from builder_app.codegen.why.looking import Looking


def to_read(config: TestConfig, program: "Program | Looking") -> TestConfig:
    """The set-up by which a test's prices are read: in its pool stand also the symbols that the strategy looks at."""
    if not config.stock_pool:
        return config
    return replace(config, stock_pool=tuple(dict.fromkeys((*config.stock_pool, *program.other_symbols))))
