"""Whether a window can be opened here, asked before Qt is: Qt itself would end the program without a sentence."""

import ctypes
import importlib
import importlib.util
import os
import re
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

PACKAGES: Final[Mapping[str, str]] = {
    "libEGL.so": "libegl1",
    "libGL.so": "libgl1",
    "libGLX.so": "libglx0",
    "libOpenGL.so": "libopengl0",
    "libxkbcommon.so": "libxkbcommon0",
    "libxkbcommon-x11.so": "libxkbcommon-x11-0",
    "libfontconfig.so": "libfontconfig1",
    "libdbus-1.so": "libdbus-1-3",
    "libglib-2.0.so": "libglib2.0-0",
    "libgthread-2.0.so": "libglib2.0-0",
    "libxcb-cursor.so": "libxcb-cursor0",
    "libxcb-icccm.so": "libxcb-icccm4",
    "libxcb-image.so": "libxcb-image0",
    "libxcb-keysyms.so": "libxcb-keysyms1",
    "libxcb-randr.so": "libxcb-randr0",
    "libxcb-render-util.so": "libxcb-render-util0",
    "libxcb-render.so": "libxcb-render0",
    "libxcb-shape.so": "libxcb-shape0",
    "libxcb-shm.so": "libxcb-shm0",
    "libxcb-sync.so": "libxcb-sync1",
    "libxcb-util.so": "libxcb-util1",
    "libxcb-xfixes.so": "libxcb-xfixes0",
    "libxcb-xinerama.so": "libxcb-xinerama0",
    "libxcb-xkb.so": "libxcb-xkb1",
    "libX11-xcb.so": "libx11-xcb1",
    "libxcb.so": "libxcb1",
    "libwayland-client.so": "libwayland-client0",
    "libwayland-cursor.so": "libwayland-cursor0",
    "libwayland-egl.so": "libwayland-egl1",
    "libX11.so": "libx11-6",
}
ALL_FOR_X11: Final = (
    "libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 fonts-dejavu-core libxcb-cursor0 "
    "libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
)
NO_DISPLAY: Final = (
    "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). Start the program in a desktop session, "
    "or use the terminal commands, which need none: strategy-builder run --help."
)

DISPLAY_SILENT: Final = (
    "The display '{value}' ({variable}) does not let a window be opened: it is not running, or closed to this user. "
    "Start the program in a desktop session, or use the terminal commands, which need no display: "
    "strategy-builder run --help."
)


def missing_library_sentence(trouble: str) -> str:
    """A sentence for the loader's "libX.so.1: cannot open shared object file", with the package that brings it."""
    found = re.search(r"(lib[\w.+-]+?\.so)[\w.]*", trouble)
    if found is None:
        return f"The window's libraries could not be loaded: {trouble}"
    package = PACKAGES.get(found[1])
    if package is None:
        how = f"install these packages: apt install {ALL_FOR_X11}"
    else:
        how = f"the package {package} brings it (apt install {package}; all that Qt needs: apt install {ALL_FOR_X11})"
    return (
        f"The window needs the system library {found[1]}, which is missing here; on Debian and Ubuntu {how}. "
        "The terminal commands need none of it: strategy-builder run --help."
    )


def why_no_window() -> str | None:
    """The sentence that says why no window can be opened here, or None where it can."""
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as trouble:
        return missing_library_sentence(str(trouble))
    if not sys.platform.startswith("linux"):
        return None
    found = [check() for check in _checks()]
    return None if None in found else found[0]


def _checks() -> list[Callable[[], str | None]]:
    """What to ask, in the order in which Qt would try the platforms; one that answers is enough."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if chosen:
        return [{"xcb": _trouble_with_x11, "wayland": _trouble_with_wayland}.get(chosen, lambda: None)]
    checks: list[Callable[[], str | None]] = []
    if os.environ.get("WAYLAND_DISPLAY"):
        checks.append(_trouble_with_wayland)
    if os.environ.get("DISPLAY"):
        checks.append(_trouble_with_x11)
    return checks or [lambda: NO_DISPLAY]


def _trouble_with_x11() -> str | None:
    if not os.environ.get("DISPLAY"):
        return NO_DISPLAY
    missing = _missing_for("libqxcb.so")
    if missing is not None:
        return missing
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return DISPLAY_SILENT.format(variable="DISPLAY", value=os.environ["DISPLAY"]) if refused else None


def _trouble_with_wayland() -> str | None:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return NO_DISPLAY
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name))
        except OSError:
            return DISPLAY_SILENT.format(variable="WAYLAND_DISPLAY", value=name)
    return _missing_for("libqwayland.so")


def _missing_for(plugin: str) -> str | None:
    """Whether Qt's plugin for a platform, where there is one, can be loaded."""
    spec = importlib.util.find_spec("PySide6")
    folder = Path(spec.origin).parent if spec is not None and spec.origin is not None else Path()
    place = folder / "Qt" / "plugins" / "platforms" / plugin
    if not place.exists():
        return None
    try:
        ctypes.CDLL(str(place))
    except OSError as trouble:
        return missing_library_sentence(str(trouble))
    return None
