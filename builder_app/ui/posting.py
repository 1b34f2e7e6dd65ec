"""Calls from other threads into the window's."""

import contextlib
from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from shiboken6 import isValid


class _Courier(QObject):
    """Carries calls into the thread of the window. There is one as long as Qt's application is there."""

    asked = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.asked.connect(self._run, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        call()


class OwnerThread:
    """Runs calls in the thread of the window, whichever thread they come from, until it is told to end.

    It is made in the window's thread, after Qt's application. It is no object of Qt's itself: the last thread that
    holds it may be another one, and what is Qt's must end in its own.
    """

    _shared: ClassVar[_Courier | None] = None

    def __init__(self) -> None:
        self._has_ended = False
        application = QCoreApplication.instance()
        if application is None:
            raise RuntimeError("Qt's application comes first.")
        if OwnerThread._shared is None or not isValid(OwnerThread._shared):
            OwnerThread._shared = _Courier(application)
        self._courier = OwnerThread._shared

    def __call__(self, call: Callable[[], None], /) -> None:
        """Run `call` soon, in the window's thread; one that comes after the end is dropped."""
        with contextlib.suppress(RuntimeError):  # Qt's application is gone: nobody waits for the answer any more
            self._courier.asked.emit(lambda: self._run(call))

    def end(self) -> None:
        """The window is going: what waits, and what comes later, is run no more."""
        self._has_ended = True

    def _run(self, call: Callable[[], None]) -> None:
        if not self._has_ended:
            call()
