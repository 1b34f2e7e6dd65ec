"""Whether a window can be opened here, asked before Qt is: Qt itself would end the program without a sentence."""

import ctypes
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Mapping
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
    "libxcb-shape.so": "libxcb-shape0",
    "libxcb-xinerama.so": "libxcb-xinerama0",
    "libxcb-xkb.so": "libxcb-xkb1",
    "libX11-xcb.so": "libx11-xcb1",
    "libxcb.so": "libxcb1",
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
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return NO_DISPLAY
    return _missing_for_x11() if os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY") else None


def _missing_for_x11() -> str | None:
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        return None
    plugin = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.exists():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as trouble:
        return missing_library_sentence(str(trouble))
    return None
