# SPDX-License-Identifier: Apache-2.0
"""One C++ file as the rules see it. Not a compiler: a reader of characters that knows comments, literals and braces."""
import re

_TOKEN = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|(?:u8|u|U|L)?R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"(?P<own>[^"]+)"|<(?P<system>[^>]+)>)', re.MULTILINE)


def _blank(text):
    """Same length, same lines, nothing in it."""
    return re.sub(r"[^\n]", " ", text)


class Source:
    """`text` as written; `without_comments` keeps literals; `code` has neither."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self.without_comments = _TOKEN.sub(lambda m: _blank(m[0]) if m[0][:2] in ("//", "/*") else m[0], text)
        self.code = _TOKEN.sub(lambda m: _blank(m[0]) if m[0][:2] in ("//", "/*") else '"' + _blank(m[0][1:-1]) + '"',
                               text)

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def line_count(self):
        return len(self.lines) - (1 if self.lines and not self.lines[-1] else 0)

    def includes(self):
        """(line, name, is_own) of every #include."""
        for match in _INCLUDE.finditer(self.without_comments):
            own = match["own"]
            yield self.line_of(match.start()), own or match["system"], own is not None

    def functions(self):
        """(first line, last line, name) of every function body that is not inside another one."""
        return _Functions(re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: _blank(m[0]), self.code, flags=re.MULTILINE)).found


class _Functions:
    """Walks the braces. Namespaces and types are transparent; the first other brace after a parameter list is a body."""

    _SCOPE = re.compile(r"^\s*(?:template\s*<.*>\s*)?(?:inline\s+)?(?:typedef\s+)?"
                        r"(?:namespace|class|struct|union|enum|extern)\b", re.DOTALL)

    def __init__(self, code):
        self.found = []
        self._code = code
        self._walk()

    def _walk(self):
        scopes, head_start, body = [], 0, None
        for match in re.finditer(r"[{};]", self._code):
            sign, at = match[0], match.start()
            if sign == "{":
                head = self._code[head_start:at]
                if body is None and self._opens_body(head):
                    body = (len(scopes), at, self._name(head))
                    scopes.append("body")
                elif body is None and self._SCOPE.match(head):
                    scopes.append("scope")
                    head_start = at + 1
                else:
                    scopes.append("plain")
            elif sign == "}":
                kind = scopes.pop() if scopes else "scope"
                if body and len(scopes) == body[0]:
                    first, last = (self._code.count("\n", 0, x) + 1 for x in (body[1], at))
                    self.found.append((first, last, body[2]))
                    body = None
                if kind != "plain" and body is None:
                    head_start = at + 1
            elif body is None and "plain" not in scopes:
                head_start = at + 1

    def _opens_body(self, head):
        if self._SCOPE.match(head) or "(" not in head:
            return False
        flat = self._without_parameters(head)
        if re.search(r"(?<![=!<>+\-*/%&|^])=(?!=)", re.sub(r"operator\s*\S+", "", flat)):
            return False  # an initialiser
        initialisers = re.search(r"(?<!:):(?!:)", re.sub(r"\b(?:public|private|protected|Q_SIGNALS|slots)\s*:", "", flat))
        return not (initialisers and re.search(r"[\w>]\s*$", flat))  # m_value{…} in a constructor's list

    @staticmethod
    def _without_parameters(head):
        depth, kept = 0, []
        for letter in head:
            depth -= letter == ")"
            if depth == 0 or letter in "()" and depth <= 1:
                kept.append(letter)
            depth += letter == "("
        return "".join(kept)

    @staticmethod
    def _name(head):
        match = re.search(r"([\w:~]+|operator\s*\S+?)\s*\(", head)
        return match[1] if match else "?"
