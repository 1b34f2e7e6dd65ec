"""The button that stands for a bound value: the strategy parameter's name, or what a formula comes to."""

from PySide6.QtWidgets import QPushButton, QWidget

from builder_app.flow.values import StrategyParameter
from builder_app.flow.wording import value_words
from builder_app.ui.inspector.parameter_form import ParameterForm
from builder_app.ui.pictures import picture
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import Theme


class BindingChip(QPushButton):
    """Shows where the value of one parameter comes from."""

    def __init__(self, form: ParameterForm, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._drawn = ("link", True)
        set_role(self, "chip")
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icon in another scheme."""
        self._theme = theme
        self._draw(*self._drawn)

    def show_reference(self, name: str, known: StrategyParameter | None) -> None:
        """A strategy parameter; None: there is none of this name."""
        self.setText(name)
        self.setAccessibleName(f"{self._form.title}: strategy parameter {name}")
        self.setToolTip(
            f"Taken from the strategy parameter '{name}', which is {known.value} now."
            if known is not None
            else f"There is no strategy parameter '{name}'; choose another one or unbind."
        )
        self._draw("link", well=known is not None)

    def show_formula(self, text: str, number: int | float | None, *, well: bool) -> None:
        """A formula, by what it comes to now; not `well`: it does not fit."""
        unit = f" {self._form.unit}" if self._form.unit not in ("", "money") else ""
        said = "" if number is None else f"{value_words(number)}{unit}"
        self.setText(said or "…")
        self.setToolTip(f"The formula {text} comes to {said}." if said else "The formula has no value yet.")
        self.setAccessibleName(f"{self._form.title}: formula {text}, {said or 'without a value'}")
        self._draw("formula", well=well)

    def _draw(self, name: str, well: bool) -> None:
        self._drawn = (name, well)
        self.setIcon(picture(name if well else "error", self._theme.color("accent" if well else "loss")))
