"""What a person asks: the pages that there are, the addresses that pages link to, and those that nobody should try.

The requests of a person are found once, against the one twin; the other is asked the same.
"""

import re
from dataclasses import dataclass
from html import unescape

from django.contrib import admin
from django.db import models
from django.urls import reverse

from tests.admin.rights_pages import choices, key_of, model_of, named, pages_without_row
from tests.admin.test_lookups import LOOKUPS, VALUES

from .answers import Asked

LINK = re.compile(r'(?:href|hx-get|data-url)="([^"#]*)')
ADMIN = "/admin/"
NEVER = ("/admin/logout/", "/admin/jsi18n/", "/admin/login/")
# Compares results with the marks behind them, which the other twin changes without computing anew.
VERIFIES = "verify"
WORDS = ("اداره", "پنهان", "A", "S-1", "ژ", "الف", "استان", "manager", "۱۴۰۴", "رتبه")
HALVED = ("initial_score", "final_score", "hq_score", "self_score", "initial_note", "scored_by", "rank", "total",
          "group_rank", "raw", "growth", "decided_by", "exempt", "version", "scored_count", "initial_total",
          "final_total", "read_initial_score", "scored_at")  # fmt: skip
HALVES = ("", "__gte", "__startswith", "__isnull")


@dataclass(frozen=True)
class Measure:
    """How much of everything is asked."""

    rows: int  # of each table, of each of the two provinces
    links: int  # that pages lead to
    columns: bool  # every column with every lookup, else those of HALVED
    posts: bool  # also empty forms of verbs, batches
    words: int
    tables: tuple = ()  # only these, where any are named
    plain: bool = True  # also the pages that belong to no table


TABLES = "assessment line objection agencyresult resultset transfer notice evidence agency hearing".split()
TABLES += "letter improvementplan ticket".split()
SHORT = Measure(rows=1, links=8, columns=False, posts=False, words=2, tables=("assessment", "line", "agencyresult"))
YEAR = Measure(rows=2, links=60, columns=False, posts=False, words=3, tables=tuple(TABLES))
WHOLE = Measure(rows=3, links=200, columns=True, posts=True, words=99)


class Asker:
    """Finds what one person asks of a world, and keeps the answers."""

    def __init__(self, world, visitor, measure):
        self.world, self.visitor, self.measure = world, visitor, measure
        self.answers, self.links = {}, []

    def ask_all(self):
        """{Asked: Answer} of all requests."""
        for asked in self.plain() if self.measure.plain else ():
            self.ask(asked)
        for model in admin.site._registry:
            if not self.measure.tables or model._meta.model_name in self.measure.tables:
                self.ask_table(model)
        self.follow()
        return self.answers

    def ask(self, asked):
        if asked not in self.answers:
            self.answers[asked] = answer = self.visitor.ask(asked)
            self.links += [place for place in links_of(asked, answer) if Asked(place) not in self.answers]
        return self.answers[asked]

    def follow(self):
        """The pages that other pages lead to, up to so many; each place once."""
        for place in list(dict.fromkeys(self.links))[: self.measure.links]:
            self.ask(Asked(place))

    # -- pages that belong to no row -----------------------------------------------------------------

    def plain(self):
        cycle = {"cycle": self.world.here.cycle.pk}
        for name, url in pages_without_row():
            model, page = model_of(name)
            if model is None or page not in ("changelist", "add"):
                yield Asked(url)
            if "export" in name or "kit" in name:
                yield Asked(url, data=tuple(cycle.items()))
        for participation in self.world.here.cycle.participations.order_by("pk"):
            url = reverse("admin:evaluation_importrun_agency_kit")
            yield Asked(url, data=(("participation", participation.pk),))
        for word in WORDS[: self.measure.words]:
            yield Asked(reverse("admin:search"), data=(("s", word),))
        yield from self.autocompletes()

    def autocompletes(self):
        """What each related field offers, to whoever asks by address."""
        for model in admin.site._registry:
            if self.measure.tables and model._meta.model_name not in self.measure.tables:
                continue
            for each in (*model._meta.fields, *model._meta.many_to_many):
                if each.is_relation:
                    about = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                    data = about | {"field_name": each.name, "term": ""}
                    yield Asked(reverse("admin:autocomplete"), data=tuple(data.items()))

    # -- a table ---------------------------------------------------------------------------------------

    def ask_table(self, model):
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        seen = self.ask(Asked(url))
        self.ask(Asked(f"{url}add/"))
        if seen.status == 200:
            for query in self.queries(model):
                self.ask(Asked(url, data=query))
            if self.measure.posts:
                self.ask_batches(model, url)
        for row, there in self.rows(model):
            for asked in self.pages_of(model, row, there):
                self.ask(asked)

    def queries(self, model):
        """Orders, words, lookups of columns and annotations, and parameters of other pages."""
        registered = admin.site._registry[model]
        for place in range(1, 10 if self.measure.columns else 4):
            yield (("o", f"-{place}"),)
        for word in WORDS[: self.measure.words]:
            yield (("q", word),)
        yield from ((("_to_field", "id"), ("_popup", "1")), (("all", ""),), (("p", "2"),), (("e", "1"),))
        columns = [each.name for each in model._meta.fields]
        if not self.measure.columns:
            columns = [name for name in HALVED if name in columns or name.startswith(("read_", "scored_count"))][:4]
        columns += [f"{each.name}__pk" for each in model._meta.fields if each.is_relation and self.measure.columns]
        columns += self.annotations(registered)
        for name in dict.fromkeys(columns):
            for lookup in LOOKUPS if self.measure.columns else HALVES:
                yield ((f"{name}{lookup}", VALUES.get(lookup, "1")),)

    def annotations(self, registered):
        names = "own_count filled_count line_count scored_count self_total hq_total initial_total final_total".split()
        return names if registered.model._meta.model_name == "assessment" and self.measure.columns else []

    def ask_batches(self, model, url):
        """The pages that ask for confirmation, over rows of both provinces."""
        keys = [row.pk for row, _there in self.rows(model)]
        for verb in getattr(admin.site._registry[model], "verbs", ()):
            if verb.batch and keys:
                data = {"action": f"do_{verb.name}", "_selected_action": keys}
                self.ask(Asked(url, "post", tuple((name, tuple(value) if isinstance(value, list) else value)
                                                  for name, value in data.items())))  # fmt: skip

    # -- the rows of a table ----------------------------------------------------------------------------

    def rows(self, model):
        """Pairs (row, whether it is of the other province)."""
        for there in (False, True):
            rows = self.world.rows_of(model, there=there)
            for row in spread(list(rows), self.measure.rows if not there else 1):
                yield row, there

    def pages_of(self, model, row, there):
        """Every page of a row, its files among them; of a foreign row the page alone."""
        for name, arguments in named():
            its_model, page = model_of(name)
            if its_model is not model or key_of(arguments) is None or page == VERIFIES:
                continue
            if there and page != "change":
                continue
            for _label, rest in choices(model, page, arguments, row):
                url = reverse(f"admin:{name}", kwargs={key_of(arguments): row.pk, **rest})
                yield Asked(url)
                if self.measure.posts and page == "do":
                    yield Asked(url, "post")
                if page == "lines":
                    yield from (Asked(url, data=(("show", show),)) for show in ("unscored", "mine", "objected"))
        if self.measure.posts and not there:
            fields = [each.name for each in model._meta.fields if isinstance(each, models.FileField)]
            yield from (
                Asked(reverse(f"admin:evaluation_{model._meta.model_name}_file", args=[row.pk, name]))
                for name in fields
            )


def spread(rows, count):
    """At most `count` of the rows, the first and the last among them."""
    if len(rows) <= count:
        return rows
    step = (len(rows) - 1) / max(1, count - 1)
    return [rows[round(step * place)] for place in range(count)]


def links_of(asked, answer):
    """The places of the admin that a page leads to."""
    for target in LINK.findall(answer.page()):
        target = unescape(target)
        if target.startswith("?"):
            target = asked.url.partition("?")[0] + target
        if target.startswith(ADMIN) and not target.startswith(NEVER):
            yield target
