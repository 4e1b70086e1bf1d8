# SPDX-License-Identifier: Apache-2.0
"""Things that must not be written, as data: what, where it is allowed all the same, and why."""
import re
from dataclasses import dataclass, field

from finding import Finding


@dataclass(frozen=True)
class Forbidden:
    rule: str
    pattern: str
    reason: str
    only_in: tuple = ()          # the rule holds there only; empty: everywhere
    allowed_in: tuple = ("tests",)
    literals: bool = False       # the pattern needs the text of string literals
    comments: bool = False       # the pattern looks at comments, too
    compiled: re.Pattern = field(init=False, compare=False, default=None)

    def __post_init__(self):
        object.__setattr__(self, "compiled", re.compile(self.pattern, re.MULTILINE))


RULES = [
    Forbidden("nested-loop", r"\bQEventLoop\b|\bprocessEvents\b",
              "A nested event loop lets anything happen in the middle of a function: half-done state is seen, objects die "
              "below one's feet. Work is asynchronous instead."),
    Forbidden("exec", r"(?:\.|->)\s*(?:exec|open_modal)\s*\(|\bQ(?:MessageBox|InputDialog)\s*::\s*(?:question|information|"
              r"warning|critical|about|get\w+)\s*\(|\bQFileDialog\s*::\s*get\w+\s*\(",
              "exec() of a dialog is a nested event loop; dialogs are opened and answer by signal. Only main() runs the "
              "application's own loop.", allowed_in=("tests", "app/main")),
    Forbidden("blocking-queued", r"\bBlockingQueuedConnection\b",
              "Two threads that wait for each other stop for good."),
    Forbidden("shell", r"(?<![\w.>:])(?:std\s*::\s*)?(?:system|popen|_popen|wordexp)\s*\(",
              "A shell turns a file name into a command. Processes are started with an argument list.", allowed_in=()),
    Forbidden("settings-file", r"\bQSettings\b",
              "QSettings writes plain text. Settings lie in the vault; a secret can never end in a settings file if there "
              "is none."),
    Forbidden("image-decoder", r"\bQImageReader\b|\bQMovie\b|\bQSvg\w+\b|\bloadFromData\s*\(|\bQ(?:Image|Pixmap)\s*::\s*fromData"
              r"\s*\(|\bQ(?:Image|Pixmap|Icon)(?:\s+\w+)?\s*[({]\s*\"(?!:/)|\b(?:image|pixmap|m_image|m_pixmap)(?:\.|->)load\s*"
              r"\(\s*(?!QStringLiteral\(\":/|\":/)",
              "Decoders are where hostile images strike. No process that holds a vault decodes an image from outside; our "
              "own come from resources (:/…).",
              only_in=("ui", "app/main", "app/services"), literals=True),
    Forbidden("rich-text", r"\bQTextBrowser\b|\bQTextEdit\b|\bQTextDocument\b|\bsetHtml\s*\(|\btoHtml\s*\(",
              "Rich-text widgets fetch, decode and follow what is in the text. The transcript is our own view of blocks.",
              only_in=("ui",)),
    Forbidden("system-ifdef", r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b[^\n]*\b(?:_WIN32|_WIN64|WIN32|__linux__|__unix__|"
              r"__APPLE__|__MINGW32__|Q_OS_\w+)\b",
              "What differs by system lies in app/platform and nowhere else; otherwise the Windows build rots unseen.",
              allowed_in=("tests", "app/platform")),
    Forbidden("posix-call", r"(?<![\w.>])::\s*(?:open|read|write|close|fsync|fork|execv\w*|kill|pipe2?|dup2?|flock|mmap|prctl|"
              r"ioctl|unlink|rename|stat|chmod|getuid|geteuid)\s*\(|(?<![\w.>:])(?:fork|execve?|execvp|waitpid|prctl|mlock|"
              r"setrlimit|sigaction)\s*\(",
              "System calls belong to app/platform: a call elsewhere does not exist on Windows.",
              allowed_in=("tests", "app/platform")),
    Forbidden("singleton", r"\bstatic\s+[\w:<>]+\s*[&*]\s*(?:\w*[iI]nstance|self)\s*\(|\bQ_GLOBAL_STATIC\b|\bqApp\b",
              "Hidden dependencies cannot be replaced in a test. What a class needs is handed to its constructor.",
              allowed_in=("tests", "app/main")),
    Forbidden("vague-name", r"^[ \t]*(?:class|struct|namespace)\s+\w*(?:Manager|Helper|Helpers|Utils?)\b",
              "A name that says nothing collects everything."),
    Forbidden("unfinished", r"\b(?:TODO|FIXME|XXX|HACK)\b",
              "What is not done is an issue of the tracker, not a comment that nobody reads.", allowed_in=("tests/architecture",),
              comments=True),
    Forbidden("detached-thread", r"\.detach\s*\(\s*\)",
              "A detached thread outlives what it works on. Threads are joined by their owner."),
    Forbidden("environment", r"\b(?:qgetenv|qEnvironmentVariable\w*|getenv|secure_getenv)\s*\(",
              "What can be set from the environment can be set by malware. Shipped programs take nothing that matters "
              "from it; test builds do, in app/platform and app/main.", allowed_in=("tests", "app/platform", "app/main")),
]


def _inside(path, rooms):
    return any(path == room or path.startswith(room + "/") for room in rooms)


def check(source):
    for rule in RULES:
        if rule.only_in and not _inside(source.path, rule.only_in) or _inside(source.path, rule.allowed_in):
            continue
        text = source.text if rule.comments else source.without_comments if rule.literals else source.code
        for match in rule.compiled.finditer(text):
            found = " ".join(match[0].split())
            yield Finding(rule.rule, source.path, source.line_of(match.start()), found)
