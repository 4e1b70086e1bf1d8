# SPDX-License-Identifier: Apache-2.0
"""Layers, from what is included and from what is linked."""
import os
import re

import rooms
from finding import Finding

REASONS = {
    "layers": "Services know contracts, not who fulfils them; storage and inference never meet. That is what lets a room "
              "be changed, tested and moved to another process alone.",
    "own-includes": "Includes are written from the top folder, so that a reader and this checker see the room at once.",
    "qt-free": "Core logic, formats and everything inside a worker stay plain C++: they run in a sandbox, on a server and "
               "under a fuzzer without Qt.",
    "parts": "Each outside library is touched in the rooms named for it: its types and its mistakes stay there "
             "(sqlite3.h in storage/sqlite, llama.h in inference/engine, system headers in app/platform).",
    "link-graph": "What is not linked cannot be called. The link graph is checked as well, because a header can be "
                  "forward-declared around.",
}

_QT_INCLUDE_FOLDERS = ["/usr/include/x86_64-linux-gnu/qt6", "/usr/include/aarch64-linux-gnu/qt6", "/usr/include/qt6"]
_QT_MODULES = ["Core", "Concurrent", "Gui", "Widgets", "Network", "PrintSupport", "DBus", "Test"]


class QtHeaders:
    """Which Qt module a header belongs to, from the installed headers."""

    def __init__(self):
        self._module = {}
        base = next((folder for folder in _QT_INCLUDE_FOLDERS if os.path.isdir(folder)), None)
        for module in _QT_MODULES if base else []:
            folder = os.path.join(base, "Qt" + module)
            for name in os.listdir(folder) if os.path.isdir(folder) else []:
                self._module.setdefault(name, module)

    def module_of(self, include):
        head, _, tail = include.partition("/")
        if tail and head.startswith("Qt"):
            return head[2:]
        if include in self._module:
            return self._module[include]
        return "Core" if re.fullmatch(r"Q[A-Z]\w+", include) else None


def check_includes(source, qt):
    room = rooms.room_of(source.path)
    if not room:
        return
    for line, include, own in source.includes():
        if own:
            yield from _check_own(source, room, line, include)
        yield from _check_outside(source, room, line, include, own, qt)


def _check_own(source, room, line, include):
    other = rooms.room_of(include)
    if other and not rooms.may_use(room, other):
        yield Finding("layers", source.path, line, f"{room} includes {include}, but may not use {other}")
    generated = include.endswith(".moc") or include.startswith("ui_") or include.startswith("moc_")
    outside = any(re.match(pattern, include) for pattern in rooms.HEADERS.values())
    if "/" not in include and not generated and not outside and room != "tests":
        yield Finding("own-includes", source.path, line, f'write the path from the top folder: "{include}"')


def _check_outside(source, room, line, include, own, qt):
    module = None if own else qt.module_of(include)
    if module:
        if room in rooms.QT_FREE:
            yield Finding("qt-free", source.path, line, f"{room} is free of Qt, but includes <{include}>")
        elif not rooms.may_take(room, module):
            yield Finding("parts", source.path, line, f"{room} may not use Qt {module} (<{include}>)")
        return
    if rooms.room_of(include):
        return
    for part, pattern in rooms.HEADERS.items():
        if re.match(pattern, include) and not rooms.may_take(room, part):
            yield Finding("parts", source.path, line, f"{room} may not use {part} ({include})")


def check_link_graph(text, path="link_graph.txt"):
    """`text` as packaging/cmake/LinkGraph.cmake writes it."""
    rows = [(number, line.split("|")) for number, line in enumerate(text.splitlines(), 1) if line.count("|") == 3]
    home = {target: rooms.room_of(folder) for _, (folder, target, _, _) in rows}
    for number, (folder, target, _, links) in rows:
        room = rooms.room_of(folder)
        if not room:
            continue
        for link in filter(None, links.split(",")):
            problem = _link_problem(room, link.strip(), home)
            if problem:
                yield Finding("link-graph", path, number, f"{target} ({room}) links {link}: {problem}")


def _link_problem(room, link, home):
    if re.match(rooms.COMMON_LIBRARIES, link):
        return None
    if link in home:
        return None if rooms.may_use(room, home[link]) else f"may not use {home[link]}"
    if link.startswith("Qt6::"):
        if room in rooms.QT_FREE:
            return "this room is free of Qt"
        # Platform is compiler flags only; compiled-in resources link it.
        return None if link == "Qt6::Platform" or rooms.may_take(room, link[5:]) else "not one of this room's Qt modules"
    for part, pattern in rooms.LIBRARIES.items():
        if re.match(pattern, link):
            return None if rooms.may_take(room, part) else f"may not use {part}"
    return None if rooms.may_take(room, "*") else "not a known library; name it in tests/architecture/rooms.py"
