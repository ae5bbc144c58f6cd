"""What test_rights asks for: each page of the admin by its name, one person before it, how an answer is judged."""

from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from evaluation.models import Line
from evaluation.resources.workbooks.registry import RESOURCES

from . import rights_world
from .rights_table import PAGES, ROWS
from .rights_verbs import VERBS

APPS = ("evaluation", "auth", "django_q")
DONE, REFUSED = {200, 302, 405}, {403, 404}


# -- the pages --------------------------------------------------------------------------------------


def named(patterns=None):
    """(name, names of the arguments) of every named page of the admin."""
    for pattern in admin.site.urls[0] if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern.url_patterns)
        elif pattern.name:
            inside = pattern.pattern
            yield pattern.name, tuple(inside.converters) or tuple(inside.regex.groupindex)


def model_of(name):
    """(model or None, page) of a page's name."""
    for app in APPS:
        if name.startswith(f"{app}_"):
            model, _, page = name.removeprefix(f"{app}_").partition("_")
            return apps.get_model(app, model), page
    return None, name


def key_of(arguments):
    return next((name for name in ("object_id", "id") if name in arguments), None)


def pages_of_rows(world, person, *, own):
    """(table, page, address) of every page with a row, for this person."""
    found = {}
    for name, arguments in named():
        model, page = model_of(name)
        if model is None or key_of(arguments) is None:
            continue
        if model not in found:
            found[model] = world.own(model, world.users[person]) if own else world.others(model, person)
        if (row := found[model]) is None:
            continue
        for label, rest in choices(model, page, arguments, row):
            kwargs = {key_of(arguments): row.pk, **rest}
            yield model._meta.model_name, label, reverse(f"admin:{name}", kwargs=kwargs)


def choices(model, page, arguments, row):
    """(page with its choice, arguments) for each verb, file, line or kind that a page is about."""
    if "name" in arguments:
        return [(f"do {verb.name}", {"name": verb.name}) for verb in admin.site._registry[model].verbs]
    if "field" in arguments:
        files = [field.name for field in model._meta.fields if isinstance(field, models.FileField)]
        full = {name for name in files if getattr(row, name)}
        return [("file" if name in full else "file none", {"field": name}) for name in files or ["nothing"]]
    if "line_id" in arguments:
        line = Line.objects.filter(assessment=row).order_by("indicator__code").first()
        return [(page, {"line_id": line.pk})]
    if "kind" in arguments:
        kinds = {"festival": ("report", "workbook", "nothing")}.get(model._meta.model_name, ("book", "disc", "nothing"))
        return [(f"make {kind}", {"kind": kind}) for kind in kinds]
    if "comparison" in arguments:
        return [(f"{page} {name}", {"comparison": name}) for name in ("named", "trend", "nothing")]
    return [(page, {})]


def pages_without_row():
    """(page, address) of every page that belongs to no row."""
    for name, arguments in named():
        if key_of(arguments):
            continue
        values = {"workbook": RESOURCES, "app_label": APPS}
        if not arguments:
            yield name, reverse(f"admin:{name}")
        else:
            (argument,) = arguments
            for value in values[argument]:
                yield f"{name} {value}", reverse(f"admin:{name}", args=[value])


# -- the people -------------------------------------------------------------------------------------


class Visitor:
    """One person with a browser; every request leaves the database as it was."""

    def __init__(self, user, kind=Client):
        self.client = kind()
        if user is not None:
            self.client.force_login(user)
        self.cookies = self.client.cookies.copy()
        self.before = rights_world.fingerprint()

    def ask(self, method, url, data=None):
        """(status, statements that wrote, whether rows came or went)."""
        seen = rights_world.WritesSeen()
        with rights_world.rolled_back():
            with connection.execute_wrapper(seen):
                response = getattr(self.client, method)(url, data or {})
            moved = bool(seen.statements) and rights_world.fingerprint() != self.before
        self.client.cookies = self.cookies.copy()
        return response.status_code, seen.statements, moved


def may(letter, table, page, method):
    """Whether the table of rights allows it on an own row."""
    _list, own, _add, change, delete = ROWS[table]
    if page.startswith("do "):
        return letter in VERBS[table][page.removeprefix("do ")]
    if page == "file none":
        return False
    if page in ("history", "file") or (page == "change" and method == "get"):
        return letter in own
    if page in ("change", "delete"):
        return letter in (change if page == "change" else delete)
    get, post = PAGES[f"{table} {page}"]
    return letter in (get if method == "get" else post)


def wrong(asked, allowed, status, writes, moved):
    """A sentence for an answer that is not as expected, or nothing."""
    if status not in (DONE if allowed else REFUSED):
        return [f"{asked}: {status}, expected {'to be allowed' if allowed else 'to be refused'}"]
    if not allowed and (writes or moved):
        return [f"{asked}: refused, yet wrote {writes}"]
    if status == 200 and moved:
        return [f"{asked}: answers with a form, yet rows came or went"]
    return []
