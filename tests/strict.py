"""A client that reads every page it gets, and refuses raw code and, in Persian mode, English sentences."""

import re
from html.parser import HTMLParser

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

ENGLISH_SENTENCE = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ \t\n]+[A-Za-z][A-Za-z'’-]*){3,}")
SPOKEN_ATTRIBUTES = {"title", "placeholder", "alt", "aria-label", "aria-description"}
SILENT_TAGS = {"script", "style", "code", "pre", "kbd", "samp", "template"}
VOID_TAGS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What cannot be seen, and what may be a sentence in small letters: whatever the parser would find is among it.
UNSEEN = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
WORD = r"[a-z](?:[a-z'’-]|&#?\w+;)*"
SENTENCE = rf"{WORD}(?:(?:[ \t\n]|&#?\w+;)+{WORD}){{3}}"
IN_TEXTS = re.compile(rf"(?:>|<(?![a-z/!?]))[^<]*?{SENTENCE}")
IN_ATTRIBUTES = re.compile(
    r"(?:title|placeholder|alt|aria-label|aria-description|value)\s*=\s*"
    rf"(?:\"[^\"]*?{SENTENCE}|'[^']*?{SENTENCE})"
)


class VisibleText(HTMLParser):
    """Collects what a person can read: texts, and the attributes that are shown or spoken."""

    def __init__(self):
        super().__init__()
        self.open = []  # (tag, is silent)
        self.texts = []

    @property
    def silent(self):
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        silent = self.silent or is_foreign(tag, attrs)
        if not silent:
            self.texts += [value for name, value in attrs.items() if name in SPOKEN_ATTRIBUTES and value]
            if tag == "input" and attrs.get("type") in {"submit", "button"}:
                self.texts.append(attrs.get("value") or "")
        if tag not in VOID_TAGS:
            self.open.append((tag, silent))

    def handle_endtag(self, tag):
        while self.open and any(name == tag for name, _ in self.open):
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data):
        if not self.silent:
            self.texts.append(data)


def is_foreign(tag, attrs):
    """Code, names of symbols, and text that says by itself that it is Latin."""
    classes = (attrs.get("class") or "").split()
    return (
        tag in SILENT_TAGS
        or {"latin", "material-symbols-outlined"} & set(classes)
        or (tag != "html" and attrs.get("lang") == "en")
    )


def may_speak_english(html):
    """Whether a rough and quick search finds a sentence: the parser takes a tenth of a page's time."""
    seen = ">" + UNSEEN.sub(">", html).lower()
    return bool(IN_TEXTS.search(seen) or IN_ATTRIBUTES.search(seen))


def english_sentences(html):
    if not may_speak_english(html):
        return []
    reader = VisibleText()
    reader.feed(html)
    return [found.group() for text in reader.texts for found in ENGLISH_SENTENCE.finditer(text)]


# -- figures ---------------------------------------------------------------------------------------

CODE = re.compile(
    r"\b[A-Z]{1,4}(?:-[A-Z]{2,4})*-?\d+(?:[-/]\d+)*\b|\bXLSX?\b|\.xlsx?\b|\bUTF-8\b|\bA4\b|\b[0-9a-f]{64}\b"
)
DISPLAYED_WRONG = {  # what: its pattern, in texts of a Persian page that are not marked as Latin
    "a raw value": re.compile(r"\[\]|\{\}|\{\x22|\bNone\b|\bTrue\b|\bFalse\b|\['|\{'|Decimal\(|datetime\.|object \("),
    "more than four decimals": re.compile(r"[0-9۰-۹][٫.][0-9۰-۹]{5,}"),
    "a moment without «ساعت»": re.compile(r"(?<!ساعت )(?<![۰-۹:])[۰-۹]{1,2}:[۰-۹]{2}(?![۰-۹:])"),
    "a Latin digit": re.compile(r"[0-9]"),
}


def figures_shown_wrong(html, *, known=()):
    """Sentences on figures, raw values and moments that a Persian page shows otherwise than was decided.

    Codes stand in Latin wherever they are; `known` are texts that people typed with Latin digits.
    """
    reader = VisibleText()
    reader.feed(html)
    faults = []
    for text in {" ".join(text.split()) for text in reader.texts}:
        bare = CODE.sub("", text)
        for typed in known:
            bare = bare.replace(typed, "")
        faults += [f"{what}: {text[:120]}" for what, pattern in DISPLAYED_WRONG.items() if pattern.search(bare)]
    return sorted(faults)


def check_page(html, *, language, path):
    """Raise AssertionError with the words that should not be on the page."""
    for mark in ("{{", "{%", "&lt;span", "&lt;bdi"):  # of a template, and of HTML that was escaped on its way
        at = html.find(mark)
        assert at < 0, f"{path} shows template code or escaped HTML: {html[max(0, at - 60) : at + 60]!r}"
    if language == "fa":
        found = english_sentences(html)
        assert not found, f"{path} speaks English in Persian mode: {found}"


class StrictClient(Client):
    def force_login(self, user, backend=None):
        """As Django's, by two statements instead of six: the session is new, and nobody asks whether its key is."""
        if SessionStore.__module__ != settings.SESSION_ENGINE:
            super().force_login(user, backend)
            return
        user.last_login = timezone.now()
        type(user)._base_manager.filter(pk=user.pk).update(last_login=user.last_login)
        session = SessionStore()
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: backend or settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key, expires = get_random_string(32, VALID_KEY_CHARS), session.get_expiry_date()
        Session.objects.bulk_create([Session(pk=key, session_data=session.encode(data), expire_date=expires)])
        self.cookies[settings.SESSION_COOKIE_NAME] = key

    def request(self, **request):
        response = super().request(**request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            language = response.get("Content-Language", "fa")
            check_page(response.content.decode(), language=language, path=request.get("PATH_INFO", ""))
        return response
