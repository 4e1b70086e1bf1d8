# SPDX-License-Identifier: Apache-2.0
"""Finds and downloads one file of a Python index (PEP 503 and PEP 691). Standard library only.

pip itself is no help here: it runs the metadata step of a source distribution, and some of those want the network or a
compiler. The index is the one that pip is configured for, so that an organisation's mirror is used without further ado.
"""
import base64
import configparser
import hashlib
import html.parser
import json
import os
import pathlib
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT = 120
CHUNK = 1 << 20


class IndexFailure(Exception):
    """The sentence for the person."""


def _pip_settings():
    """The [global] section of pip's configuration files, weakest first, then pip's environment variables."""
    home = pathlib.Path.home()
    config_home = pathlib.Path(os.environ.get("XDG_CONFIG_HOME", home / ".config"))
    files = [pathlib.Path("/etc/pip.conf"), home / ".pip/pip.conf", config_home / "pip/pip.conf"]
    if os.environ.get("PIP_CONFIG_FILE"):
        files.append(pathlib.Path(os.environ["PIP_CONFIG_FILE"]))
    settings = {}
    for file in files:
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, OSError) as error:
            raise IndexFailure(f"pip's configuration {file} cannot be read: {error}") from error
        if parser.has_section("global"):
            settings.update(parser.items("global"))
    for name in ("index-url", "extra-index-url", "cert"):
        value = os.environ.get("PIP_" + name.upper().replace("-", "_"))
        if value:
            settings[name] = value
    return settings


class PythonIndex:
    def __init__(self):
        settings = _pip_settings()
        self.urls = [settings.get("index-url", "https://pypi.org/simple")]
        self.urls += settings.get("extra-index-url", "").split()
        authority = settings.get("cert") or os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
        self._tls = ssl.create_default_context(cafile=authority or None)

    def _open(self, url, accept):
        parts = urllib.parse.urlsplit(url)
        headers = {"Accept": accept, "User-Agent": "tramontane-setup"}
        if parts.username:
            word = urllib.parse.unquote(parts.username) + ":" + urllib.parse.unquote(parts.password or "")
            headers["Authorization"] = "Basic " + base64.b64encode(word.encode()).decode()
            host = parts.hostname + (f":{parts.port}" if parts.port else "")
            url = urllib.parse.urlunsplit(parts._replace(netloc=host))
        if parts.scheme not in ("https", "http", "file"):
            raise IndexFailure(f"An address of the Python index has an unknown scheme: {parts.scheme}")
        request = urllib.request.Request(url, headers=headers)
        return urllib.request.urlopen(request, timeout=TIMEOUT, context=self._tls)

    def files(self, package):
        """(name, address) of every file of a package. Raises IndexFailure when no index answers."""
        page = re.sub(r"[-_.]+", "-", package).lower() + "/"
        reasons, found = [], []
        for base in self.urls:
            address = base.rstrip("/") + "/" + page
            try:
                with self._open(address, "application/vnd.pypi.simple.v1+json, text/html;q=0.5") as answer:
                    body, kind, address = answer.read(), answer.headers.get_content_type(), answer.url
            except (urllib.error.URLError, OSError) as error:
                reasons.append(str(error))
                continue
            targets = [urllib.parse.urljoin(address, link) for link in _links(body, kind)]
            found += [(urllib.parse.unquote(urllib.parse.urlsplit(target).path.rpartition("/")[2]), target)
                      for target in targets]
        if not found:
            raise IndexFailure(f"{package} was not found in the configured Python index "
                               f"({'; '.join(reasons) or 'an empty list'}). Check the network, or put its file into "
                               ".third_party/download yourself.")
        return found

    def find(self, package, file):
        """The address of `file`. Raises IndexFailure when no index has it or none answers."""
        for name, target in self.files(package):
            if name == file:
                return target
        raise IndexFailure(f"{file} was not found in the configured Python index: it does not list the file. "
                           "Put it into .third_party/download yourself, if you have it.")

    def download(self, url, target):
        """Writes beside `target` and renames when complete. The answer is the SHA-256 in hex."""
        part = target.with_name(target.name + ".part")
        digest = hashlib.sha256()
        try:
            with self._open(url, "*/*") as answer, open(part, "wb") as out:
                while block := answer.read(CHUNK):
                    digest.update(block)
                    out.write(block)
        except (urllib.error.URLError, OSError) as error:
            part.unlink(missing_ok=True)
            raise IndexFailure(f"{target.name} could not be downloaded: {error}") from error
        return digest.hexdigest(), part


class _Anchors(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found += [value for name, value in attributes if name == "href" and value]


def _links(body, kind):
    if kind.endswith("+json"):
        return [file["url"] for file in json.loads(body).get("files", [])]
    anchors = _Anchors()
    anchors.feed(body.decode("utf-8", "replace"))
    return anchors.found
