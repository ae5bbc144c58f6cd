"""A form of the admin as a browser holds it: what the page showed, and what is typed over it."""

from html.parser import HTMLParser

from tests.strict import StrictClient


class Boxes(HTMLParser):
    """{name: value} of every box of a page's change form or dialog, as a browser would send them."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.fields, self.inside, self.select, self.area = {}, False, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = (attrs.get("id") or "").endswith("_form") or "/do/" in (attrs.get("action") or "")
        if not self.inside:
            return
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "file", "button"):
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                self.fields[name] = attrs.get("value") or ("on" if attrs.get("type") == "checkbox" else "")
        elif tag == "select" and name:
            self.select = (name, "multiple" in attrs)
            self.fields[name] = [] if self.select[1] else ""
        elif tag == "option" and self.select and "selected" in attrs:
            name, many = self.select
            self.fields[name] = [*self.fields[name], attrs["value"]] if many else attrs.get("value", "")
        elif tag == "textarea" and name:
            self.area = name
            self.fields[name] = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] = (self.fields[self.area] + data).removeprefix("\n")


class FormPage:
    """One person before one form; opened at once, or taken from an answer that showed it again."""

    def __init__(self, user, url, response=None, language="en"):
        self.client, self.url = StrictClient(), url
        self.client.force_login(user)
        self.client.cookies["django_language"] = language
        boxes = Boxes()
        boxes.feed((response or self.client.get(url)).content.decode())
        self.fields = boxes.fields

    def post(self, **typed):
        return self.client.post(self.url, self.fields | typed)
