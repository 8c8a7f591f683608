"""Agents from files: choose, look at what would change, then import all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from panel.commands import importing
from panel.commands.importing import Imported, Preview
from panel.core.errors import PanelError
from panel.ui.chips import CellDelegate
from panel.ui.controls import Button, ElidedLabel, Field, counted, label, row
from panel.ui.empty import EmptyState
from panel.ui.models.importing import CHANGE, ITEM, REPLACE, ImportModel
from panel.ui.services import Said, Workbench
from panel.ui.theme import ROW_HEIGHT, Theme


class PreviewTable(QTableView):
    """The lines of a preview; Space decides about the current one."""

    def __init__(self, theme: Theme, lines: ImportModel, title: str) -> None:
        super().__init__()
        self._lines = lines
        self.setObjectName("import_table")
        self.setAccessibleName(title)
        self.setModel(lines)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in ((ITEM, 140), (CHANGE, 104), (REPLACE, 72)):
            self.setColumnWidth(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._lines.toggle(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class ImportDialog(QDialog):
    """Not modal: the swarm stays in sight. Nothing is written before Import is pressed."""

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._path: Path | None = None
        self._preview: Preview | None = None
        self._asked = 0
        self._closed = False
        title = self.tr("Import agents")
        self.setObjectName("import_dialog")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.resize(820, 540)
        self.lines = ImportModel()
        self.lines.setParent(self)
        self.table = PreviewTable(bench.theme, self.lines, self.tr("What will change"))
        self.summary = label("", bench.theme, step=1, bold=True)
        self.summary.setWordWrap(True)
        self.problem = label("", bench.theme, role="error")
        self.problem.setWordWrap(True)
        self.layouts = QComboBox()
        self.layouts.setObjectName("layout_field")
        self.replace_all = QCheckBox()
        self.replace_all.setObjectName("replace_field")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._make_start())
        self.pages.addWidget(self._make_preview())
        column.addWidget(self.pages, 1)
        column.addWidget(self._make_foot())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.import_button.click)
        self.layouts.activated.connect(self._on_layout_chosen)
        self.replace_all.clicked.connect(self._on_replace_all_clicked)
        self.lines.chosen_changed.connect(self._on_choice_changed)
        self.finished.connect(self._on_finished)
        self._show_preview(None)

    # its parts ---------------------------------------------------------------------

    def _make_start(self) -> EmptyState:
        return EmptyState(
            self._bench.theme,
            "import",
            self.tr("Choose what to import"),
            self.tr(
                "A coordinate file of any form, an agent's status.json, or a folder of agent "
                "workspaces. You see what will change before anything is written."
            ),
            (
                self._chooser(self.tr("Choose file…"), folder=False, kind="primary"),
                self._chooser(self.tr("Choose folder…"), folder=True),
            ),
        )

    def _make_preview(self) -> QFrame:
        page = QFrame()
        self.path = ElidedLabel()
        self.path.setProperty("role", "secondary")
        head = row(
            self.path,
            self._chooser(self.tr("Other file…"), folder=False),
            self._chooser(self.tr("Other folder…"), folder=True),
        )
        head.setStretch(0, 1)
        self._layout_field = Field(
            self._bench.theme,
            self.tr("Layout"),
            self.layouts,
            hint=self.tr("The file has points for several layouts of the screen."),
        )
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._layout_field)
        column.addWidget(self.summary)
        column.addWidget(self.problem)
        column.addWidget(self.table, 1)
        column.addWidget(self.replace_all)
        return page

    def _make_foot(self) -> QFrame:
        theme = self._bench.theme
        foot = QFrame()
        foot.setObjectName("foot")
        self._hint = label("", theme, role="secondary")
        self.import_button = Button(
            theme,
            self.tr("Import"),
            kind="primary",
            name="import_button",
            tip=self.tr("Ctrl+Enter"),
            on_click=self._on_import_clicked,
        )
        cancel = Button(theme, self.tr("Cancel"), on_click=self.close)
        layout = row(self._hint, None, cancel, self.import_button)
        layout.setContentsMargins(20, 12, 20, 12)
        foot.setLayout(layout)
        return foot

    def _chooser(self, text: str, *, folder: bool, kind: str = "plain") -> Button:
        icon = "folder" if folder else ""
        return Button(
            self._bench.theme, text, icon=icon, kind=kind, on_click=lambda: self._ask(folder)
        )

    def _ask(self, folder: bool) -> None:
        mode = QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile
        chooser = QFileDialog(self, self.tr("Import agents"))
        chooser.setObjectName("file_dialog")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(mode)
        if not folder:
            chooser.setNameFilters([self.tr("Coordinates (*.json)"), self.tr("All files (*)")])
        if self._path is not None:
            chooser.setDirectory(str(self._path.parent))
        chooser.fileSelected.connect(lambda name: self.choose(Path(name)))
        chooser.open()

    # choosing ------------------------------------------------------------------------

    def choose(self, path: Path) -> None:
        """Reads a file or folder and shows what importing it would change."""
        self._path = path
        self.path.set_full(str(path))
        self.problem.hide()
        self._show_preview(None)
        self.pages.setCurrentIndex(1)
        self.table.setFocus()
        self._look()

    def _look(self, layout: str | None = None) -> None:
        self._asked += 1
        self.import_button.setEnabled(False)
        self._bench.tasks.start(self._read(self._asked, layout), self._on_failed)

    async def _read(self, asked: int, layout: str | None) -> None:
        assert self._path is not None
        try:
            preview = await importing.preview(self._bench.context, self._path, layout)
        except PanelError:
            if asked == self._asked:
                raise
            return
        if self._closed or asked != self._asked:
            return
        self._show_preview(preview)

    def _on_layout_chosen(self, number: int) -> None:
        if number > 0:
            self.problem.hide()
            self._look(self.layouts.itemText(number))

    def _on_replace_all_clicked(self, replace: bool) -> None:
        self.lines.choose(self.lines.undecided_rows(), replace)

    # showing -------------------------------------------------------------------------

    def _show_preview(self, preview: Preview | None) -> None:
        self._preview = preview
        self._show_layouts(preview)
        self.lines.show_preview(preview)
        undecided = len(preview.undecided) if preview is not None else 0
        self.replace_all.setText(
            counted(
                undecided,
                self.tr("Replace {0} confirmed point with the file's"),
                self.tr("Replace all {0} confirmed points with the file's"),
            )
        )
        self.replace_all.setVisible(bool(undecided))
        self.table.setColumnHidden(REPLACE, not undecided)
        self._on_choice_changed()

    def _show_layouts(self, preview: Preview | None) -> None:
        names = preview.layouts if preview is not None else ()
        self._layout_field.setVisible(len(names) > 1)
        self.layouts.clear()
        self.layouts.addItems([self.tr("Choose one"), *names])
        if preview is not None and preview.layout in names:
            self.layouts.setCurrentIndex(names.index(preview.layout) + 1)

    def _on_choice_changed(self) -> None:
        preview, chosen = self._preview, self.lines.chosen
        if preview is None or preview.layout is None:
            self.summary.setText("" if preview is None else self.tr("Choose a layout."))
            self._hint.setText("")
            self.import_button.set_text(self.tr("Import"))
            self.import_button.setEnabled(False)
            return
        result = preview.result(chosen)
        number = result.added + result.updated
        self.summary.setText(_summary(result) if number else self.tr("Nothing would change."))
        self.replace_all.setChecked(bool(chosen) and len(chosen) == len(preview.undecided))
        if preview.screens is None:
            self._hint.setText(self.tr("The points were not compared with the screens."))
        else:
            self._hint.setText(self.tr("Imported points are used once you have confirmed them."))
        words = self.tr("Import {0}").format(f"{number:,}") if number else self.tr("Import")
        self.import_button.set_text(words)
        self.import_button.setEnabled(bool(number))

    # importing -----------------------------------------------------------------------

    def _on_import_clicked(self) -> None:
        if self._preview is None or not self.import_button.isEnabled():
            return
        self.import_button.setEnabled(False)
        self._bench.tasks.start(self._import(self._preview), self._on_import_failed)

    async def _import(self, preview: Preview) -> None:
        done = await importing.apply(self._bench.context, preview, self.lines.chosen)
        self._bench.say(Said(_summary(done, past=True)))
        if not self._closed:
            self.close()

    def _on_failed(self, error: PanelError) -> None:
        if self._closed:
            return
        text = str(error)
        self.problem.setText(text[:1].upper() + text[1:])
        self._show_preview(None)
        self.problem.show()

    def _on_import_failed(self, error: PanelError) -> None:
        if self._closed:
            self._bench.say(Said(str(error), trouble=True))
            return
        # Whatever the reason, what is shown may be out of date: look again, beside the reason.
        layout = (self._preview.layout if self._preview is not None else None) or None
        self._on_failed(error)
        self._look(layout)

    def _on_finished(self) -> None:
        self._closed = True


def ask_export(bench: Workbench, parent: QWidget) -> None:
    """Asks for a file and writes all agents with their points to it."""
    chooser = QFileDialog(parent, _tr("Export agents"))
    chooser.setObjectName("export_dialog")
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    chooser.setDefaultSuffix("json")
    chooser.setNameFilter(_tr("Coordinates (*.json)"))
    chooser.selectFile("coordinates.json")

    async def write(name: str) -> None:
        # The chooser has asked already whether a file that is there may be replaced.
        agents, _points = await importing.export(bench.context, Path(name), overwrite=True)
        text = counted(agents, _tr("{0} agent exported to"), _tr("{0} agents exported to"))
        bench.say(Said(f"{text} {name}"))

    chooser.fileSelected.connect(lambda name: bench.tasks.start(write(name)))
    chooser.open()


def _summary(result: Imported, *, past: bool = False) -> str:
    added, updated, left = result.added, result.updated, len(result.skipped)
    if past:
        parts = [counted(added, _tr("{0} agent added"), _tr("{0} agents added"))]
    else:
        parts = [counted(added, _tr("{0} new agent"), _tr("{0} new agents"))]
    parts.append(_tr("{0} changed").format(f"{updated:,}"))
    if left:
        parts.append(_tr("{0} left as they are").format(f"{left:,}"))
    return ", ".join(parts) + "."


def _tr(text: str) -> str:
    return QCoreApplication.translate("importing", text)
