"""A page as its reader has it: links by their words, and forms with what a browser would send back."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSENT = {"submit", "button", "reset", "image"}


@dataclass
class Form:
    """`values` are the filled controls; `names` all of them, empty and unticked ones too; `options` words → value."""

    action: str
    ident: str = ""
    method: str = "get"
    values: dict = field(default_factory=dict)
    names: set = field(default_factory=set)
    options: dict = field(default_factory=dict)
    buttons: dict = field(default_factory=dict)

    def hold(self, name, value=None):
        self.names.add(name)
        if value is not None:
            self.values.setdefault(name, []).append(value)


class Page(HTMLParser):
    """One answer; its HTML is read when somebody asks for a link or a form."""

    def __init__(self, url, html):
        super().__init__()
        self.url, self.unread = url, html
        self._links, self._forms = {}, []
        self.silent, self.taking = 0, None  # depth below an aria-hidden element; (what, attributes, words) being read
        self.form, self.select = None, None
        self.late = []  # controls that name their form

    @property
    def links(self):
        """{words: address}, the first of those with the same words."""
        self.read()
        return self._links

    @property
    def forms(self):
        self.read()
        return self._forms

    @property
    def buttons(self):
        return [words for form in self.forms if form.method == "post" for words in form.buttons]

    def read(self):
        html, self.unread = self.unread, ""
        if html:
            self.feed(html)
            for ident, name, value in self.late:
                for form in self._forms:
                    if form.ident == ident:
                        form.hold(name, value)

    # -- asking ------------------------------------------------------------------------------------

    def link(self, words):
        assert words in self.links, f"{self.url} has no link “{words}”; it has {sorted(self.links)}"
        return self.links[words]

    def form_with(self, *names, button=None):
        """The posting form that has these controls, or this button."""
        found = [
            form
            for form in self.forms
            if form.method == "post" and form.names.issuperset(names) and (button is None or button in form.buttons)
        ]
        have = [sorted(form.names | set(form.buttons)) for form in self.forms]
        assert found, f"{self.url} has no form with {names or button}; it has {have}"
        return found[0]

    # -- reading -----------------------------------------------------------------------------------

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if self.silent or (attrs.get("aria-hidden") == "true" and tag == "span"):
            self.silent += tag == "span"
            return
        if tag == "form":
            action = attrs.get("action") or self.url
            self.form = Form(action, attrs.get("id", ""), attrs.get("method", "get").lower())
            self._forms.append(self.form)
        elif tag in ("a", "button", "option", "textarea"):
            self.taking = (tag, attrs, [])
        elif tag == "select" and "disabled" not in attrs:
            self.select = (attrs, [])
        elif tag == "input" and "disabled" not in attrs and attrs.get("name"):
            self.input(attrs)

    def input(self, attrs):
        kind, value = attrs.get("type", "text"), attrs.get("value", "")
        if kind in UNSENT:
            if self.form is not None:
                self.form.buttons[value] = (attrs["name"], value)
        elif kind == "file":
            self.control(attrs, None)
        elif kind in ("checkbox", "radio"):
            self.control(attrs, attrs.get("value", "on") if "checked" in attrs else None)
        else:
            self.control(attrs, value)

    def control(self, attrs, value):
        if attrs.get("form"):
            self.late.append((attrs["form"], attrs["name"], value))
        elif self.form is not None:
            self.form.hold(attrs["name"], value)

    def handle_endtag(self, tag):
        if self.silent:
            self.silent -= tag == "span"
        elif self.taking and tag == self.taking[0]:
            self.take(*self.taking)
            self.taking = None
        elif tag == "select" and self.select:
            self.chosen(*self.select)
            self.select = None
        elif tag == "form":
            self.form = None

    def handle_data(self, data):
        if self.taking and not self.silent:
            self.taking[2].append(data)

    def take(self, tag, attrs, words):
        text = "".join(words)
        if tag == "a":
            self._links.setdefault(attrs.get("aria-label") or " ".join(text.split()), attrs.get("href", ""))
        elif tag == "textarea" and attrs.get("name"):
            self.control(attrs, text.removeprefix("\n"))
        elif tag == "button" and self.form is not None:
            self.form.buttons[" ".join(text.split())] = (attrs.get("name"), attrs.get("value", ""))
        elif tag == "option" and self.select:
            self.select[1].append((attrs.get("value", text), " ".join(text.split()), "selected" in attrs))

    def chosen(self, attrs, options):
        name = attrs.get("name")
        if not name or (self.form is None and not attrs.get("form")):
            return
        picked = [value for value, _words, selected in options if selected]
        if not picked and "multiple" not in attrs:
            picked = [value for value, _words, _selected in options[:1]]
        self.control(attrs, None)
        for value in picked:
            self.control(attrs, value)
        if self.form is not None:
            self.form.options.setdefault(name, {words: value for value, words, _selected in options})
