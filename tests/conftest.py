"""Settings for every test: no display is needed, and nothing touches the user's own folders."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
