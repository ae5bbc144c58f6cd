"""What the product answers to one request, byte for byte, once the written list of `MASKS` is masked."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from django.core.cache import cache
from django.test import Client
from django.utils import translation

from tests.admin.rights_world import rolled_back

HEADERS = ("Location", "Content-Type", "Content-Disposition", "HX-Redirect", "HX-Trigger")
# What may differ between two answers to one request; nothing else is masked. Of a ZIP archive (workbooks are such) the
# names, the order and the bytes of the members are compared, not the moments at which they were packed.
MASKS = {
    "CSRF token in a form": rb'name="csrfmiddlewaretoken" value="[^"]*"',
    "CSRF token in a header of HTMX": rb'"?X-CSRFToken"?: ?[\'"][^\'"]*[\'"]',
    "CSRF token of the session's own page": rb'"token": "[^"]*"',
    "token by which a form acts once": rb'name="_once" value="[^"]*"',
}
MASK = re.compile(b"|".join(b"(?:%s)" % each for each in MASKS.values()))


@dataclass(frozen=True)
class Asked:
    """One request of a person."""

    url: str
    method: str = "get"
    data: tuple = ()  # pairs of names and values
    headers: tuple = ()

    def __str__(self):
        return f"{self.method} {self.url} {dict(self.data) or ''}".strip()


@dataclass(frozen=True)
class Answer:
    """Status, the headers that lead somewhere, and the masked body."""

    status: int
    headers: tuple
    body: bytes = field(repr=False)

    def page(self):
        """The body as text, where it is a page; else ""."""
        kind = dict(self.headers).get("Content-Type", "")
        return self.body.decode() if kind.startswith(("text/html", "application/json")) else ""


class Visitor:
    """A person with a browser: the same cookies at each request, and each request leaves the database as it was."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.cookies = self.client.cookies.copy()

    def ask(self, asked):
        """The `Answer`. A failure of the product is an answer too: 500."""
        self.client.cookies = self.cookies.copy()
        send = getattr(self.client, asked.method)
        with rolled_back():
            response = send(asked.url, dict(asked.data) or None, headers=dict(asked.headers))
            body = b"".join(response.streaming_content) if response.streaming else response.content
        cache.clear()
        translation.deactivate()
        headers = tuple((name, response.headers[name]) for name in HEADERS if name in response.headers)
        return Answer(response.status_code, headers, masked(body))


def masked(body):
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"PK" + b"".join(f"\n{name}: ".encode() + archive.read(name) for name in archive.namelist())
    return MASK.sub(b"(masked)", body)


def difference(one, other):
    """What differs between two answers, in a few words."""
    if (one.status, one.headers) != (other.status, other.headers):
        return f"{one.status} {dict(one.headers)} / {other.status} {dict(other.headers)}"
    left, right = one.body.decode(errors="replace"), other.body.decode(errors="replace")
    pairs = enumerate(zip(left, right, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(left), len(right)))
    return f"{len(left)} / {len(right)} letters, …{left[max(0, at - 80) : at + 60]!r} / {right[at : at + 60]!r}"
