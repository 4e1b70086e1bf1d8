# SPDX-License-Identifier: Apache-2.0
"""Who may use whom: the map of the product as a table. A room is a folder; the longest match counts.

`uses` names other rooms (a room may always use itself), `parts` what it may take from outside: Qt modules by name and
libraries by the keys of HEADERS and LIBRARIES below.
"""

_FREE = ["app/core"]                                   # what Qt-free logic may build on
_LOGIC = ["app/core", "app/policy", "app/audit", "app/documents"]
_UI = ["app/services", "app/contracts", "app/core", "app/policy"]  # policy: values that the contracts hand out
_WIDGETS = ["Core", "Gui", "Widgets", "Concurrent"]

ROOMS = {
    "app/core": {"uses": [], "parts": ["sodium"]},
    "app/policy": {"uses": _FREE, "parts": ["json", "sodium"]},
    "app/audit": {"uses": _FREE, "parts": ["json", "sodium"]},
    "app/documents": {"uses": _FREE, "parts": []},
    "app/contracts": {"uses": _LOGIC, "parts": ["Core"]},
    "app/services": {"uses": _LOGIC + ["app/contracts"], "parts": ["Core", "Concurrent", "json", "sodium"]},
    # Three rooms of the platform are free of Qt, so that storage and the worker can use them.
    "app/platform/files": {"uses": _FREE, "parts": ["os"]},
    "app/platform/process": {"uses": _FREE, "parts": ["seccomp", "os"]},
    "app/platform/power": {"uses": _FREE, "parts": ["os"]},
    "app/platform": {"uses": _FREE + ["app/contracts", "app/policy", "app/platform/files", "app/platform/process"],
                     "parts": ["Core", "Concurrent", "DBus", "keychain", "os", "json", "sodium", "log", "seccomp"]},
    "inference/protocol": {"uses": _FREE, "parts": ["json"]},
    "inference/wire": {"uses": _FREE, "parts": ["json"]},
    "inference/catalog": {"uses": _FREE + ["inference/protocol"], "parts": ["sodium", "json"]},
    "inference/engine": {"uses": _FREE + ["inference/protocol", "inference/catalog", "app/platform/process", "app/platform/files",
                                     "app/platform/power"],
                         "parts": ["llama", "json", "sodium"]},
    "inference/client": {"uses": _FREE + ["app/contracts", "inference/protocol"], "parts": ["Core", "Concurrent", "json"]},
    "inference/cluster": {"uses": _FREE + ["app/contracts", "app/policy", "inference/wire"],
                          "parts": ["Core", "Concurrent", "Network"]},
    "inference/router": {"uses": _FREE + ["app/contracts", "app/policy"], "parts": ["Core", "Concurrent"]},
    "inference/server": {"uses": _FREE + ["app/contracts", "app/services", "inference/wire"], "parts": ["Core", "httplib"]},
    "storage/sqlite": {"uses": _FREE + ["app/contracts", "app/platform/files"], "parts": ["Core", "Concurrent", "sqlite", "crypto"]},
    "storage/migrations": {"uses": _FREE + ["storage/sqlite"], "parts": ["Core"]},
    "storage/repositories": {"uses": _FREE + ["app/contracts", "app/audit", "storage/sqlite", "storage/migrations"],
                             "parts": ["Core", "Concurrent", "json", "sodium"]},
    "storage/audit": {"uses": _FREE + ["app/contracts", "app/audit", "app/platform/files", "storage/sqlite"],
                      "parts": ["Core", "Concurrent", "sodium"]},
    "storage/keys": {"uses": _FREE + ["app/contracts"], "parts": ["Core", "json", "sodium"]},
    "storage/tasks": {"uses": _FREE + ["app/contracts"], "parts": ["Core", "Concurrent"]},
    "storage/snapshots": {"uses": _FREE + ["app/contracts", "app/platform/files", "storage/sqlite", "storage/repositories",
                                           "storage/keys", "storage/tasks"],
                          "parts": ["Core", "Concurrent", "sodium", "zstd"]},
    "storage/attachments": {"uses": _FREE + ["app/contracts", "app/platform/files", "storage/sqlite", "storage/repositories",
                                             "storage/keys", "storage/tasks"],
                            "parts": ["Core", "Concurrent", "sodium"]},
    "storage/directory": {"uses": _FREE + ["app/contracts", "app/platform/files", "storage/sqlite", "storage/migrations",
                                           "storage/keys", "storage/tasks"],
                          "parts": ["Core", "Concurrent", "sodium"]},
    "storage/backups": {"uses": _FREE + ["app/contracts", "app/platform/files", "storage/sqlite", "storage/migrations",
                                         "storage/repositories", "storage/audit", "storage/keys", "storage/directory"],
                        "parts": ["Core", "json", "sodium"]},
    "storage/vault": {"uses": _FREE + ["app/contracts", "app/audit", "app/platform/files", "storage/sqlite", "storage/migrations",
                                       "storage/repositories", "storage/audit", "storage/keys", "storage/tasks",
                                       "storage/snapshots", "storage/attachments", "storage/directory", "storage/backups"],
                      "parts": ["Core", "Concurrent", "json", "sodium"]},
    "ui/style": {"uses": ["app/core"], "parts": _WIDGETS},
    "ui/transcript": {"uses": ["app/core", "app/contracts", "ui/style"], "parts": _WIDGETS + ["markdown"]},
    "ui/chat": {"uses": _UI + ["ui/style", "ui/transcript", "ui/models"],  # the model picker sits in the chat's header
                "parts": _WIDGETS},
    "ui/models": {"uses": _UI + ["ui/style"], "parts": _WIDGETS},
    "ui/documents": {"uses": _UI + ["ui/style", "ui/transcript"], "parts": _WIDGETS},
    "ui/audit": {"uses": _UI + ["ui/style"], "parts": _WIDGETS},
    "ui/settings": {"uses": _UI + ["ui/style"], "parts": _WIDGETS},
    "ui/unlock": {"uses": _UI + ["ui/style"], "parts": _WIDGETS},
    "ui/shell": {"uses": _UI + ["ui/style", "ui/transcript", "ui/chat", "ui/models", "ui/documents", "ui/audit",
                                "ui/settings", "ui/unlock"], "parts": _WIDGETS},
    # The composition root: the only place that may name every concrete class. It still takes nothing of llama or SQLite.
    "app/main": {"uses": ["*"], "parts": ["Core", "Gui", "Widgets", "Concurrent", "PrintSupport", "cli", "json", "log", "sodium"]},
    "resources": {"uses": [], "parts": []},
    # Tests may reach everything, also what they check from the outside.
    "tests": {"uses": ["*"], "parts": ["*"]},
}

QT_FREE = ["app/core", "app/policy", "app/audit", "app/documents", "app/platform/files", "app/platform/process",
           "app/platform/power", "inference/protocol", "inference/engine", "inference/wire", "inference/catalog"]

# Header patterns of the parts that are not Qt.
HEADERS = {
    "sodium": r"sodium(\.h|/)",
    "json": r"nlohmann/",
    "sqlite": r"sqlite3(ext)?\.h",
    "crypto": r"openssl/",
    "llama": r"(llama[\w-]*|ggml[\w-]*|gguf|common|chat|sampling|mtmd|peg-parser|json-schema-to-grammar|unicode)\.h(pp)?$",
    "keychain": r"qt6?keychain/",
    "seccomp": r"seccomp\.h|linux/(seccomp|landlock|filter|audit|prctl)\.h",
    "os": r"(unistd|fcntl|pthread|dlfcn|poll|sched|pwd|grp|termios|signal|spawn|windows|winbase|wincred|io|process)\.h$"
          r"|(sys|linux|netinet|arpa)/",
    "markdown": r"md4c",
    "cli": r"CLI/",
    "log": r"spdlog/|fmt/",
    "zstd": r"zstd",
    "httplib": r"httplib\.h",
}

# What a target may link, as CMake names it.
LIBRARIES = {
    "sodium": r"PkgConfig::SODIUM",
    "json": r"nlohmann_json::",
    "sqlite": r"SqlCipher::|tramontane_sqlcipher$",
    "crypto": r"OpenSSL::Crypto",
    "llama": r"Llama::",
    "keychain": r"[Qq]t6Keychain|QtKeychain|qt6keychain",
    "seccomp": r"PkgConfig::SECCOMP|PkgConfig::LIBSECCOMP|seccomp$",
    "markdown": r"PkgConfig::MD4C|md4c",
    "cli": r"CLI11::",
    "log": r"spdlog::|fmt::",
    "zstd": r"PkgConfig::ZSTD|zstd",
    "httplib": r"httplib",
}
# Belong to the language or to our own build, free for all.
COMMON_LIBRARIES = r"tramontane_flags$|Threads::Threads|\$<|-Wl,|-?l?(dl|m|pthread)$"


def room_of(path):
    """The room that a file or folder lies in; an empty text for none."""
    best = ""
    for room in ROOMS:
        if (path == room or path.startswith(room + "/")) and len(room) > len(best):
            best = room
    return best


def may_use(room, other):
    uses = ROOMS[room]["uses"]
    return room == other or "*" in uses or other in uses


def may_take(room, part):
    parts = ROOMS[room]["parts"]
    return "*" in parts or part in parts
