"""The words of a letter: the text that staff edit, with its placeholders filled, and the table of figures below it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from evaluation import persian
from evaluation.enums import LetterKind, ObjectionState, Role
from evaluation.models import LetterTemplate, Participation, Province
from evaluation.scoring import to_two_decimals

from ..door import Refusal
from ..messages import mail
from . import letter_figures
from .letter_figures import Figures, Part, Place

COMMON = {
    "recipient": gettext_lazy("the addressee"),
    "agency": gettext_lazy("the agency"),
    "headquarters": gettext_lazy("the headquarters of the agency"),
    "province": gettext_lazy("the province"),
    "cycle": gettext_lazy("the cycle"),
    "year": gettext_lazy("the performance year"),
    "group": gettext_lazy("the peer group"),
    "total": gettext_lazy("the total of the points"),
    "maximum": gettext_lazy("the maximum of the total"),
    "percent": gettext_lazy("the total in percent of the maximum"),
    "dimensions": gettext_lazy("points and maximum of each dimension"),
}
OF_DECISIONS = {
    "objections": gettext_lazy("the number of decided objections"),
    "accepted": gettext_lazy("how many of them were accepted, in full or in part"),
    "rejected": gettext_lazy("how many of them were rejected"),
}
OF_RESULTS = {
    "rank": gettext_lazy("the rank, of how many agencies"),
    "group_rank": gettext_lazy("the rank in the peer group, of how many agencies"),
    "level": gettext_lazy("the level"),
    "growth": gettext_lazy("the growth on the base year"),
}
TEXTS = ("subject", "body", "signer", "announcement")  # fields of the template


def places_of(kind: str) -> dict[str, Any]:
    """{placeholder: what it is} of the letters of this kind: rank and level only once they are announced."""
    if kind in LetterKind.after_announcement():
        return COMMON | OF_RESULTS
    return COMMON | OF_DECISIONS if kind == LetterKind.DECISION else COMMON


def check_text(kind: str, *texts: str) -> None:
    """Raise Refusal for a placeholder that a letter of this kind does not have, naming those that it has."""
    mail.check_text(*texts, placeholders=places_of(kind))


def template_of(province: Province, kind: str) -> LetterTemplate:
    """The province's own text of this kind, else the shared one. Raises Refusal where there is neither."""
    template = LetterTemplate.objects.of_province(province).filter(kind=kind).last()
    if template is None:
        raise Refusal(
            _("There is no text for letters of the kind “%(kind)s”: ask the administrator to load the base data.")
            % {"kind": LetterKind(kind).label}
        )
    return template


def compose(participation: Participation, *, kind: str, addressee: Role, template: LetterTemplate) -> dict[str, Any]:
    """The content of a letter, in the product's language, as JSON holds it; without its number and date.

    `rules.letter_times` has to allow it. Raises Refusal for an unknown placeholder.
    """
    check_text(kind, *(getattr(template, name) for name in TEXTS))
    figures = letter_figures.read(participation, kind)
    with translation.override(settings.LANGUAGE_CODE):
        recipient = figures.headquarters if addressee == Role.HEADQUARTERS else figures.agency
        values = values_of(figures, kind) | {"recipient": recipient}
        after = kind in LetterKind.after_announcement()
        return {name: mail.filled(getattr(template, name), values).strip() for name in TEXTS} | {
            "sender": _("Management and Planning Organization of %(province)s") % {"province": figures.province},
            "recipient": recipient,
            "agency": figures.agency,
            "group": figures.group,
            "year": figures.year,
            "values": values,
            "columns": columns(after),
            "rows": [row(part, after=after) for part in [*figures.parts, whole_of(figures)]],
            "decisions": [decision(*entry) for entry in figures.decided],
            "summary": summary(values, kind),
            "code": figures.code,
        }


def whole_of(figures: Figures) -> Part:
    """The last row of the table: all counting dimensions together."""
    combined = figures.combined
    return Part(str(_("Total")), combined.total, combined.maximum, combined.place, combined.group_place)


# -- figures in words -----------------------------------------------------------------------------


def values_of(figures: Figures, kind: str) -> dict[str, str]:
    """{placeholder: text} for a letter of this kind, but for the addressee."""
    combined = figures.combined
    values = {
        "agency": figures.agency,
        "headquarters": figures.headquarters or "—",
        "province": figures.province,
        "cycle": figures.cycle,
        "year": persian.localise_digits(figures.year),
        "group": figures.group or "—",
        "total": points(combined.total),
        "maximum": persian.format_decimal(combined.maximum, None),
        "percent": share(combined),
        "dimensions": listed_parts(figures.parts),
    }
    if kind == LetterKind.DECISION:
        values |= counts(figures)
    if kind in LetterKind.after_announcement():
        values |= standing_of(figures)
    return values


def points(value: Decimal | None) -> str:
    """Points of two decimals; a dash where there are none."""
    return "—" if value is None else persian.format_decimal(to_two_decimals(value))


def share(part: Part) -> str:
    """The points in percent of the maximum, with two decimals."""
    if part.total is None or not part.maximum:
        return "—"
    return persian.format_decimal(part.total * 100 / part.maximum)


def listed_parts(parts: Iterable[Part]) -> str:
    """Points and maximum of each dimension, in one text."""
    return "؛ ".join(
        _("%(dimension)s: %(total)s of %(maximum)s")
        % {
            "dimension": part.title,
            "total": points(part.total),
            "maximum": persian.format_decimal(part.maximum, None),
        }
        for part in parts
    )


def counts(figures: Figures) -> dict[str, str]:
    """How many objections were decided, and how."""
    rejected = sum(entry.verdict == ObjectionState.REJECTED for entry in figures.decided)
    numbers = {"objections": len(figures.decided), "rejected": rejected, "accepted": len(figures.decided) - rejected}
    return {name: persian.localise_digits(number) for name, number in numbers.items()}


def standing_of(figures: Figures) -> dict[str, str]:
    """Rank of how many, level and growth, in words that also say why there is none."""
    combined = figures.combined
    absent = _("did not take part") if figures.passive else _("without a rank")
    rank, group = combined.place, combined.group_place
    return {
        "rank": _("rank %(place)s agencies") % {"place": place_of(rank)} if rank else absent,
        "group_rank": _("rank %(place)s agencies of the peer group “%(group)s”")
        % {"place": place_of(group), "group": figures.group}
        if group
        else absent,
        "level": figures.level or _("not determined"),
        "growth": growth_of(figures.growth),
    }


def place_of(place: Place) -> str:
    """“5 of 60”."""
    numbers = {"rank": persian.localise_digits(place.rank), "count": persian.localise_digits(place.of)}
    return _("%(rank)s of %(count)s") % numbers


def growth_of(growth: Decimal | None) -> str:
    """Growth or decline in percent; says so where no earlier year gives a base."""
    if growth is None:
        return _("no earlier year to measure it on")
    figure = persian.format_decimal(abs(growth))
    return (_("%(figure)s percent growth") if growth >= 0 else _("%(figure)s percent decline")) % {"figure": figure}


def summary(values: dict[str, str], kind: str) -> str:
    """The figures in one sentence, for the notice."""
    if kind in LetterKind.after_announcement():
        return (
            _(
                "Performance year %(year)s: %(total)s of %(maximum)s points (%(dimensions)s); %(rank)s; "
                "%(group_rank)s; level: %(level)s."
            )
            % values
        )
    if kind == LetterKind.DECISION:
        return (
            _(
                "Performance year %(year)s: of %(objections)s decided objections %(accepted)s accepted and "
                "%(rejected)s rejected; the score is now %(total)s of %(maximum)s points (%(dimensions)s)."
            )
            % values
        )
    return _("Performance year %(year)s: initial score %(total)s of %(maximum)s points (%(dimensions)s).") % values


# -- tables ---------------------------------------------------------------------------------------


def columns(after: bool) -> list[str]:
    """The headings of the table of figures; ranks once they are announced."""
    names = [_("Dimension"), _("Points"), _("Maximum"), _("Percent")]
    return [*names, _("Rank"), _("Rank in the peer group")] if after else names


def row(part: Part, *, after: bool) -> list[str]:
    """The cells of one dimension, in the order of `columns`."""
    cells = [part.title, points(part.total), persian.format_decimal(part.maximum, None), share(part)]
    ranks = [place_of(place) if place else "—" for place in (part.place, part.group_place)]
    return [*cells, *ranks] if after else cells


def decision_columns() -> list[str]:
    """The headings of the table of decisions."""
    return [_("Code"), _("Indicator"), _("Decision"), _("Score before"), _("Score after")]


def decision(code: str, title: str, verdict: str, before: Decimal, after: Decimal, reason: str) -> dict[str, str]:
    """One decided objection, in words."""
    return {
        "code": code,
        "title": title,
        "verdict": str(ObjectionState(verdict).label),
        "before": points(before),
        "after": points(after),
        "reason": reason,
    }


def attachments(content: dict[str, Any]) -> str:
    """What goes with a letter, for its head."""
    return _("one page") if content["announcement"] else pgettext("attachments", "none")
