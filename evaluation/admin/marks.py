"""Short sums over what a form shows, by which it is known later what stands differently."""

import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from django.core.files.base import File
from django.db.models import Model, QuerySet
from django.forms import CheckboxInput, ModelChoiceField
from django.utils.translation import gettext as _

from evaluation.persian import normalise

BETWEEN = "~"
MAX_QUOTED_LENGTH = 120  # letters of a value that a sentence quotes


@dataclass
class Part:
    """One value that a form shows: the form, the field's name, and for a row of a table the table's name."""

    form: object
    name: str
    table: str = ""

    @property
    def initial(self):
        return self.form.get_initial_for_field(self.form.fields[self.name], self.name)

    @property
    def mark(self):
        return mark(self.initial)

    def sentence(self):
        """What stands there now, as people read it."""
        words = {"field": self.form[self.name].label, "value": in_words(self.form, self.name, self.initial)}
        if not self.table:
            return _("%(field)s: now “%(value)s”.") % words
        row = self.form.instance
        return _("%(table)s, “%(row)s”, %(field)s: now “%(value)s”.") % (words | {"table": self.table, "row": row})


@dataclass
class Seen:
    """What a posted form says that it had shown: when, and the mark of each part by its name in the form."""

    at: datetime | None = None
    marks: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.marks)


def plain(value):
    """A value as a text that is the same however it was typed, read or stored."""
    if value is None or value == "":
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, QuerySet | list | tuple | set):
        return json.dumps(sorted(map(plain, value)))
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, default=str)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, File):
        return value.name or ""
    if isinstance(value, str):
        return normalise(value.replace("\r\n", "\n").replace("\r", "\n").strip())
    return str(value)


def mark(value):
    return f"{zlib.crc32(plain(value).encode()):08x}"


def parts_of(form, tables):
    """{name: Part} of what a person may edit in a model's form and in its `tables`, pairs (formset, table's name)."""
    parts = {name: Part(form, name) for name in editable(form)}
    for formset, table in tables:
        for row in formset.initial_forms:
            if row.instance.pk is not None:
                key = f"{formset.prefix}.{row.instance.pk}"
                hidden = {formset.model._meta.pk.name, formset.fk.name}
                parts |= {f"{key}.{name}": Part(row, name, table) for name in editable(row) if name not in hidden}
    return parts


def marks_of(parts):
    return {name: part.mark for name, part in parts.items()}


def editable(form):
    return [name for name, field in form.fields.items() if name in form.initial and not field.disabled]


def write(known, at):
    """The text of the hidden field, of {name: mark}."""
    return BETWEEN.join([str(int(at.timestamp())), *(f"{name}:{mark}" for name, mark in known.items())])


def read(text):
    """`Seen` of a posted text; an empty one for what no form of ours has written."""
    first, *pairs = (text or "").split(BETWEEN)
    if not (first.isascii() and first.isdigit() and len(first) < 12):
        return Seen()
    marks = dict(pair.rsplit(":", 1) for pair in pairs if ":" in pair)
    return Seen(datetime.fromtimestamp(int(first), UTC), marks)


def in_words(form, name, value):
    """A value of a form in words: the label of a choice, a date of the calendar, figures in Persian digits."""
    field = form.fields[name]
    if isinstance(field.widget, CheckboxInput):
        return _("Yes") if value else _("No")
    if isinstance(field, ModelChoiceField):
        values = value if isinstance(value, list | tuple | QuerySet) else [value]
        keys = [row.pk if isinstance(row, Model) else row for row in values]
        text = "، ".join(
            field.label_from_instance(row) for row in field.queryset.model._base_manager.filter(pk__in=keys)
        )
    elif choices := getattr(field, "choices", None):
        labels, values = dict(choices), value if isinstance(value, list | tuple) else [value]
        text = "، ".join(str(labels.get(key, key)) for key in values)
    elif isinstance(value, File):
        text = (value.name or "").rsplit("/", 1)[-1]
    else:
        text = field.widget.format_value(field.prepare_value(value))
    text = str(text or "—")
    return text if len(text) <= MAX_QUOTED_LENGTH else f"{text[:MAX_QUOTED_LENGTH]}…"
