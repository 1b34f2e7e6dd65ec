"""Every target by name, in the order in which they are offered."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from builder_app.codegen.plan import Draft
from builder_app.codegen.targets import standalone
from builder_app.codegen.targets.assembly import emit
from builder_app.codegen.targets.backtesting import BACKTESTING
from builder_app.codegen.targets.backtrader import BACKTRADER
from builder_app.codegen.targets.capability import Target
from builder_app.codegen.targets.freqtrade import FREQTRADE
from builder_app.codegen.targets.nautilus import NAUTILUS
from builder_app.codegen.targets.qlib import QLIB
from builder_app.codegen.targets.uses import Line
from builder_app.codegen.targets.vectorbt import VECTORBT
from builder_app.codegen.targets.zipline import ZIPLINE

STANDALONE: Final = "standalone"
_ENGINES: Final = (BACKTESTING, VECTORBT, FREQTRADE, BACKTRADER, QLIB, NAUTILUS, ZIPLINE)
TARGETS: Final[Mapping[str, Target]] = {target.name: target for target in _ENGINES}
"""The other engines; `standalone` needs no answers, for its engine is the quick test's."""
EMITTERS: Final[Mapping[str, Callable[[Draft], tuple[Line, ...]]]] = {
    STANDALONE: standalone.emit,
    **{name: partial(emit, target) for name, target in TARGETS.items()},
}
