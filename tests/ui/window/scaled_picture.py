"""Writes pictures of the real window at the scale that QT_SCALE_FACTOR says: `python -m … DATA PICTURES`.

The scale of a screen is fixed when Qt begins, so each needs a process of its own.
"""

import sys
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.window.strategist import application
from tests.ui.window.test_screenshots import cut_texts

SIZE = (1280, 720)


def main(data: Path, pictures: Path) -> int:
    """The window with a tested example, in both schemes; prints each text that is cut off."""
    application_of_qt = QApplication.instance() or QApplication([])
    cut: list[str] = []
    with application(data) as opened:
        window = opened.window
        window.resize(*SIZE)
        window.commands.open_and_test_example("moving_average_crossover")
        for scheme in ("dark", "light"):
            window.actions_by_id[f"theme_{scheme}"].trigger()
            for _ in range(200):
                QTest.qWait(50)
                if (
                    window.document is not None
                    and window.document.result is not None
                    and not opened.wardrobe.is_changing
                ):
                    break
            QTest.qWait(300)
            window.grab().save(str(pictures / f"window-{scheme}.png"))
            cut += cut_texts(window)
    del application_of_qt
    sys.stdout.write("\n".join(cut))
    return 1 if cut else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
