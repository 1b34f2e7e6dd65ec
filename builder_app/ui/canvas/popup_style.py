"""How the small frames that open on the canvas look: one ground, one field, one size of quiet words."""

from builder_app.ui.theme import CORNER, TEXT, TEXT_SMALL, Theme


def popup_sheet(name: str, theme: Theme) -> str:
    """The style sheet of the frame of this object name; its field always has the keyboard while it is open."""
    color = theme.colors
    return (
        f"#{name} {{ background: {color['panel']}; border: 1px solid {color['hairline']}; border-radius: {CORNER}px; }}"
        f"#{name} QAbstractItemView {{ background: transparent; border: none; color: {color['text']};"
        f" font-size: {TEXT}px; }}"
        f"#{name} QLineEdit {{ background: {color['control']}; color: {color['text']};"
        f" border: 1px solid {color['accent']}; border-radius: 4px; padding: 4px 8px; font-size: {TEXT}px; }}"
        f"#{name} > QLabel {{ color: {color['quiet_text']}; font-size: {TEXT_SMALL}px; }}"
    )
