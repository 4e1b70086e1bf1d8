# SPDX-License-Identifier: Apache-2.0
"""Size budgets, licence lines, and text that nobody can translate."""
import re

from finding import Finding

CPP_LINES, HEADER_LINES, FUNCTION_LINES = 600, 200, 80

REASONS = {
    "file-size": f"A file does one thing. Above {CPP_LINES} lines (headers: {HEADER_LINES}) it does not.",
    "function-size": f"A function that does not fit on a page ({FUNCTION_LINES} lines) does more than one thing.",
    "spdx": "Every file says its licence in its first line (after an interpreter or XML line), also when it is copied alone.",
    "bare-text": "What a person reads goes through tr(), so that it can be translated.",
}

_COMMENTED = (".cpp", ".h", ".py", ".sh", ".cmake", ".sql", ".svg", ".xml", ".qrc", ".html", ".css", ".qss", ".md", ".yml",
              ".yaml", ".desktop", ".1", ".ts", ".supp", ".in")
_BY_NAME = ("CMakeLists.txt", "dev", "run", ".clang-format", ".clang-tidy", "rules", "control", ".gitignore")
_SPDX = "SPDX-License-Identifier: Apache-2.0"

_SETTERS = ("setText", "setTitle", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName",
            "setAccessibleDescription", "setStatusTip", "setWhatsThis", "setInformativeText", "setLabelText", "addAction",
            "addMenu", "addTab", "addRow", "addItem", "setHeaderLabels", "setButtonText", "showMessage", "setItemText")
_WIDGETS = ("QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QToolButton", "QDialog", "QMenu")
_LITERAL = r'(?:QStringLiteral\s*\(\s*|QLatin1String\s*\(\s*|QString(?:::fromUtf8|::fromLatin1)?\s*\(\s*)?(?:u8?)?"(?P<text>(?:\\.|[^"\\\n])*)"'
_BARE = re.compile(r"\b(?:" + "|".join(_SETTERS) + r")\s*\(\s*" + _LITERAL
                   + r"|\bnew\s+(?:" + "|".join(_WIDGETS) + r")\s*[({]\s*" + _LITERAL.replace("text", "text2"))
_READABLE = re.compile(r"[^\W\d_]{2}")


def check_sizes(source):
    limit = HEADER_LINES if source.path.endswith(".h") else CPP_LINES
    if source.line_count() > limit:
        yield Finding("file-size", source.path, 1, f"{source.line_count()} lines; the limit is {limit}")
    for first, last, name in source.functions():
        if last - first + 1 > FUNCTION_LINES:
            yield Finding("function-size", source.path, first, f"{name} has {last - first + 1} lines; the limit is {FUNCTION_LINES}")


def check_bare_text(source):
    if not source.path.startswith(("ui/", "app/main/")):
        return
    for match in _BARE.finditer(source.without_comments):
        text = match["text"] or match["text2"] or ""
        if _READABLE.search(text):
            yield Finding("bare-text", source.path, source.line_of(match.start()), f'"{text}" does not go through tr()')


def needs_spdx(path):
    name = path.rsplit("/", 1)[-1]
    if path.startswith(("tests/data/", "tests/fuzz/seeds/")) or "/examples/" in path or "/golden/" in path:
        return False
    return name in _BY_NAME or name.endswith(_COMMENTED)


def check_spdx(path, text):
    if not needs_spdx(path):
        return
    lines = text.split("\n", 2)
    first = lines[1] if lines[0].startswith(("#!", "<?xml", "<!DOCTYPE")) and len(lines) > 1 else lines[0]
    if _SPDX not in first:
        yield Finding("spdx", path, 1, f"the first line does not say {_SPDX}")
