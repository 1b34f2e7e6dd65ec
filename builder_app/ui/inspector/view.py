"""The inspector: a page for chosen blocks, and one for the strategy where nothing is chosen."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from builder_app.flow.explaining import explain, explain_block
from builder_app.flow.groups import BOUNDARY, group_of
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Group, LogicFlow
from builder_app.session import TestConfig
from builder_app.ui.inspector.block_page import BlockPage
from builder_app.ui.inspector.group_panel import GroupPanel
from builder_app.ui.inspector.strategy_page import StrategyPage
from builder_app.ui.inspector.tab_order import put_in_order
from builder_app.ui.inspector.test_setup_form import TestSetupForm
from builder_app.ui.theme import GAP_GROUP, MARGIN, Theme

_MOST_TOLD_AT_ONCE, _MILLISECONDS_BEFORE_TELLING = 60, 150
_MOST_TOLD, _MOST_TOLD_OF_ONE = 250, 1500
"""Of larger flows nobody would read the sentences of the whole, nor wait for those of one block."""
_TOO_MANY = "With so many blocks it cannot be told in a few sentences."
_LEAST_WIDTH, _LEAST_HEIGHT = 288, 200


class InspectorView(QScrollArea):
    """Passive: it is shown the selection and emits wishes. Being shown again does not disturb what is being edited."""

    edit_requested = Signal(object)
    """An Edit. Those of one gesture (a drag, a burst of steps) lie between two `edit_finished`."""
    edit_finished = Signal()
    config_requested = Signal(object)
    """The TestConfig as it should be."""
    fix_requested = Signal(object)
    """The Edit that would mend a problem."""
    group_edit_requested = Signal(object)
    """An Edit of the whole strategy: of what a group shows to the outside."""
    group_open_requested = Signal(str)
    """The chosen block, which is a group."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected: frozenset[str] = frozenset()
        self._times_shown = 0
        self._flow = LogicFlow()
        self._catalogue = Catalogue()
        self._tells = QTimer(self)
        self._tells.setSingleShot(True)
        self._tells.setInterval(_MILLISECONDS_BEFORE_TELLING)
        self._tells.timeout.connect(self._tell)
        self._config = TestConfig()
        self._symbols: tuple[str, ...] = ()
        self.block_page = BlockPage(theme)
        self.strategy_page = StrategyPage(theme)
        self.group_panel = GroupPanel()
        self._content = content = QWidget()
        lines = QVBoxLayout(content)
        lines.setContentsMargins(MARGIN, GAP_GROUP, MARGIN, MARGIN)
        lines.setSpacing(GAP_GROUP)
        lines.addWidget(self.block_page)
        lines.addWidget(self.group_panel)
        lines.addWidget(self.strategy_page)
        lines.addStretch(1)
        self.block_page.hide()
        self.group_panel.hide()
        self.group_panel.edit_requested.connect(self.group_edit_requested)
        self.group_panel.open_requested.connect(self._open_group)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Inspector")
        for page in (self.block_page, self.strategy_page):
            page.edit_requested.connect(self.edit_requested)
            page.edit_finished.connect(self.edit_finished)
        self.block_page.fix_requested.connect(self.fix_requested)
        self.test_setup.config_requested.connect(self._keep_config)

    @property
    def test_setup(self) -> TestSetupForm:
        """The form of the test's configuration."""
        return self.strategy_page.test_setup

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes from part to part as they are seen; rows are made later than what stands below them."""
        put_in_order(self._content)
        return super().focusNextPrevChild(next)

    def show_selection(
        self, flow: LogicFlow, catalogue: Catalogue, selected: frozenset[str], problems: tuple[Problem, ...]
    ) -> None:
        """Show the chosen blocks of `flow`, or the strategy; only what differs from before is touched.

        Where other blocks were chosen before, what was typed for them and not said yet is said first.
        """
        self._times_shown += 1
        time = self._times_shown
        if selected != self._selected and self._selected <= flow.nodes.keys():
            (self.block_page if self._selected else self.strategy_page).commit()
        if time != self._times_shown:
            return  # saying it changed the flow, and the newer one has been shown meanwhile
        ids = [id for id in flow.nodes if id in selected]
        moved, self._selected = frozenset(ids) != self._selected, frozenset(ids)
        self._explain(flow, catalogue, moved=moved)
        if ids:
            self.block_page.show_blocks(flow, catalogue, ids, problems)
        else:
            self.strategy_page.show_strategy(flow)
        self.block_page.setVisible(bool(ids))
        self.strategy_page.setVisible(not ids)
        if moved:
            self.verticalScrollBar().setValue(0)

    def show_group(self, whole: LogicFlow, catalogue: Catalogue, opened: Group | None) -> None:
        """Show the group that is chosen, or the one that is `opened` on the canvas, where no other block is chosen."""
        only = self._flow.nodes.get(next(iter(self._selected))) if len(self._selected) == 1 else None
        chosen = whole.groups.get(group_of(only.template) or "") if only is not None else None
        of_opened = not self._selected or self._selected <= BOUNDARY
        group = chosen or (opened if of_opened else None)
        is_open = chosen is None
        if group is not None:
            self.group_panel.show_group(whole, catalogue, group, is_open=is_open)
        self.group_panel.setVisible(group is not None)
        boundary = opened is not None and bool(self._selected) and self._selected <= BOUNDARY
        self.block_page.setVisible(bool(self._selected) and not boundary)
        self.strategy_page.setVisible(not self._selected and opened is None)

    def _open_group(self) -> None:
        for id in self._selected:
            self.group_open_requested.emit(id)

    def edit_label(self) -> None:
        """Put the cursor into the chosen block's label, all of it selected."""
        self.block_page.head.label_line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.block_page.head.label_line.selectAll()

    def edit_name(self) -> None:
        """Put the cursor into the strategy's name, all of it selected."""
        self.strategy_page.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.strategy_page.name.selectAll()

    def show_config(self, config: TestConfig) -> None:
        """Show how the strategy is tested."""
        self._config = config
        self.test_setup.show_config(config, self._symbols)

    def show_symbols(self, symbols: Sequence[str]) -> None:
        """Show the symbols of the price library."""
        self._symbols = tuple(symbols)
        self.test_setup.show_config(self._config, self._symbols)

    def show_groups(self, groups: Mapping[str, tuple[str, ...]]) -> None:
        """Offer these groups of symbols as pools."""
        self.test_setup.pool.show_groups(groups)

    def minimumSizeHint(self) -> QSize:
        """As wide as its content needs beside the scroll bar: nothing is ever cut off at the right."""
        width = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(width, _LEAST_WIDTH), _LEAST_HEIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Draw the inspector in another scheme."""
        self.block_page.set_theme(theme)
        self.strategy_page.set_theme(theme)

    def _explain(self, flow: LogicFlow, catalogue: Catalogue, *, moved: bool) -> None:
        """Say what the strategy or the chosen block does; of a flow that is being edited only when it rests."""
        same = flow is self._flow and catalogue is self._catalogue and not moved
        self._flow, self._catalogue = flow, catalogue
        if same:
            return
        if len(flow.nodes) <= _MOST_TOLD_AT_ONCE:
            self._tell()
        elif len(flow.nodes) <= (_MOST_TOLD_OF_ONE if self._selected else _MOST_TOLD):
            self._tells.start()
        else:
            self._tells.stop()
            self.strategy_page.show_summary(_TOO_MANY)
            self.block_page.head.show_sentence("")

    def _tell(self) -> None:
        self._tells.stop()
        flow, catalogue = self._flow, self._catalogue
        if not self._selected:
            self.strategy_page.show_summary(explain(flow, catalogue).text)
            return
        only = next(iter(self._selected)) if len(self._selected) == 1 else ""
        self.block_page.head.show_sentence(explain_block(flow, catalogue, only) if only else "")

    def _keep_config(self, config: TestConfig) -> None:
        self._config = config
        self.config_requested.emit(config)
