"""How figures, dates, codes and states look on a page. The admin's columns use the same functions."""

import re
from decimal import Decimal

from django import template
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import JSONField, Model
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.rules import state_words

register = template.Library()

# Words with Latin letters that stand side by side: codes, hashes, names of files.
_WORD = r"(?=[0-9._/@+-]*[A-Za-z])[A-Za-z0-9](?:[\w./@+-]*[A-Za-z0-9])?"
LATIN_WORDS = re.compile(rf"((?<!\w){_WORD}(?: {_WORD})*)", re.ASCII)
QUOTED = re.compile("(«[^»]+»|“[^”]+”|\u2066[^\u2069]+\u2069)")

TONES = ("neutral", "info", "good", "warning", "danger", "muted")
EMPTY = "—"

# A state has the same tone on every page. States not listed are neutral.
TONE_OF_STATE = {
    "not_started": "muted",
    "drafting": "info",
    "submitted": "info",
    "returned": "warning",
    "approved": "good",
    "sent": "info",
    "received": "info",
    "under_evaluation": "info",
    "scored": "good",
    "disclosed": "warning",
    "confirmed": "good",
    "reported": "good",
    "absent": "muted",
    "withdrawn": "muted",
    "endorsed": "info",
    "finalised": "good",
    "sliced": "info",
    "reviewed": "good",
    "frozen": "good",
    "draft": "muted",
    "proposed": "warning",
    "agreed": "info",
    "follow_up": "info",
    "closed": "muted",
    "computed": "info",
    "preparing": "muted",
    "nominating": "info",
    "choosing": "info",
    "chosen": "good",
    "announced": "good",
    "published": "good",
    "void": "muted",
    "prepared": "info",
    "refused": "danger",
    "superseded": "muted",
    "open": "warning",
    "assigned": "info",
    "answered": "good",
    "reopened": "warning",
    "filed": "warning",
    "accepted": "good",
    "partly": "good",
    "rejected": "danger",
    "planned": "info",
    "held": "good",
    "cancelled": "muted",
    "tried": "info",
    "written": "good",
    "failed": "danger",
    "done": "good",
    "on_track": "good",
    "at_risk": "warning",
    "late": "danger",
}


def tone_of(state):
    return TONE_OF_STATE.get(str(state), "neutral")


@register.simple_tag
def badge(text, tone="neutral"):
    """A small label; the tone is one of TONES and never says more than the text does."""
    if text in (None, ""):
        return EMPTY
    return format_html('<span class="ev-badge ev-{}">{}</span>', tone if tone in TONES else "neutral", text)


def state_badge(obj, field="state", reader=None):
    """The badge of a state field, in the words of `reader` (`state_words`) and the tone that it has everywhere."""
    return badge(state_words.state_text(obj, reader, field), tone_of(getattr(obj, field)))


@register.simple_tag(takes_context=True, name="state_badge")
def readers_state_badge(context, obj, field="state"):
    """The badge of a state field in the words of who looks at the page."""
    return state_badge(obj, field, state_words.point_of_view(context["request"].user))


@register.filter
def digits(value):
    """Any text or whole number with the digits of the active language, without grouping (years, codes of ours)."""
    return "" if value is None else persian.localise_digits(value)


@register.simple_tag
def page_number(changes, number):
    """One page of a list: a link, plain for the page that is shown and for the gap between pages."""
    text = persian.localise_digits(number)
    if number == changes.page_num:
        return format_html('<span class="font-medium text-primary-600" aria-current="page">{}</span>', text)
    if number == changes.paginator.ELLIPSIS:
        return text
    return format_html('<a href="{}">{}</a>', changes.get_query_string({PAGE_VAR: number}), text)


@register.filter
def number(value, places=None):
    """A figure with as many decimals as it has, four at most, or with `places`."""
    text = persian.format_decimal(value, 4, trim=True) if places is None else persian.format_decimal(value, int(places))
    return format_html('<span class="ev-number">{}</span>', text) if text else EMPTY


@register.filter
def score(value):
    """A score: two decimals, rounded half up."""
    return number(value, 2)


@register.filter
def score_text(value):
    """`score` as a bare text, for a place that is never wrapped."""
    return persian.format_decimal(value, 2) or EMPTY


@register.filter
def percent(value, places=1):
    """A figure of 0…100 with its percent sign."""
    text = persian.format_decimal(value, int(places), trim=True)
    sign = "٪" if persian.is_persian() else "%"
    return format_html('<span class="ev-number">{}{}</span>', text, sign) if text else EMPTY


@register.filter
def jalali(value, style="numeric"):
    """A date, or a moment with hour and minute, in the Jalali calendar: `numeric` or `long`."""
    if not value:
        return EMPTY
    show = persian.format_jalali_datetime if hasattr(value, "hour") else persian.format_jalali
    machine = value.isoformat()
    return format_html('<time class="ev-date-text" datetime="{}">{}</time>', machine, show(value, style))


@register.filter
def latin(value):
    """A code, hash, file name or e-mail: left to right, with Latin digits."""
    return format_html('<bdi class="latin" dir="ltr">{}</bdi>', value) if value not in (None, "") else EMPTY


def source(value):
    """Where a row that comes with the system is from: titles and addresses of foreign pages are marked as Latin."""
    return value if any("آ" <= sign <= "ی" for sign in value) else latin(value)


@register.simple_tag
def rank_of(place, count):
    """A rank and of how many, in the digits of the language."""
    return _("%(rank)s of %(count)s") % {"rank": digits(place), "count": digits(count)}


@register.filter
def letter(value):
    """The number of a letter or a session, as offices write it: in Persian its digits are Persian, from the right."""
    if value in (None, ""):
        return EMPTY
    if not persian.is_persian():
        return latin(value)
    return format_html('<bdi class="ev-letter" dir="rtl">{}</bdi>', persian.localise_digits(value))


@register.filter
def typed(text):
    """A note as people or verbs wrote it: in Persian its figures in Persian digits, codes and file names in Latin."""
    if text in (None, ""):
        return EMPTY
    if not persian.is_persian():
        return str(text)
    parts = enumerate(LATIN_WORDS.split(str(text)))
    return format_html_join("", "{}", ((latin(part) if at % 2 else digits(part),) for at, part in parts))


@register.filter
def quoting(sentence):
    """A sentence in which what is quoted from a file, and addresses of cells, keep their own digits."""
    parts = QUOTED.split(str(sentence))
    return format_html_join("", "{}", ((quoted(part) if at % 2 else part,) for at, part in enumerate(parts)))


def quoted(text):
    mark, inner, end = (text[0], text[1:-1], text[-1]) if text[0] in "«“" else ("", text.strip("\u2066\u2069"), "")
    return format_html('{}<bdi class="latin ev-value">{}</bdi>{}', mark, inner, end)


@register.simple_tag
def progress(done, total, label=""):
    """A bar for `done` of `total`, with both figures in words beside it."""
    done, total = Decimal(done or 0), Decimal(total or 0)
    share = min(max(done / total * 100, Decimal(0)), Decimal(100)) if total else Decimal(0)
    words = _("%(done)s of %(total)s") % {
        "done": persian.format_decimal(done, None),
        "total": persian.format_decimal(total, None),
    }
    return format_html(
        '<span class="ev-progress"><span class="ev-track" role="progressbar" aria-label="{}" aria-valuemin="0"'
        ' aria-valuemax="100" aria-valuenow="{}" aria-valuetext="{}"><span class="ev-fill" style="inline-size:{}%">'
        '</span></span><span class="ev-progress-words">{}</span></span>',
        label or words, int(share), words, int(share), words,
    )  # fmt: skip


@register.simple_tag
def sentences(items):
    """Refusals and warnings as a list."""
    return format_html('<ul class="ev-sentences">{}</ul>', format_html_join("", "<li>{}</li>", ((i,) for i in items)))


@register.simple_tag
def other_language(code):
    """Code and own name of the language that is one click away from `code`."""
    return {"code": "en", "name": "English"} if code == "fa" else {"code": "fa", "name": "فارسی"}


@register.simple_tag(takes_context=True)
def readonly_contents(context, field):
    """What a read-only form shows of a field; a related row whose page the person may not open is a name, no link."""
    column, _attribute, value = getattr(field, "resolved_field", None) or (None, None, None)
    if hasattr(value, "all"):
        return ("، " if persian.is_persian() else ", ").join(map(str, value.all())) or EMPTY
    if isinstance(column, JSONField) and not value:
        return EMPTY
    page = admin.site._registry.get(type(value)) if isinstance(value, Model) else None
    if page is not None and not page.has_view_or_change_permission(context["request"]):
        return str(value)
    return getattr(field, "contents", "")
