"""What changes from one year's cycle to the next: what will be copied, and what the copy has become since."""

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.models import Axis, Cycle, Evaluator, Indicator
from evaluation.persian import format_jalali, last_day_of, localise_digits
from evaluation.process.year import next_year

from .tables import COUNT, DAY, Column, Report, Table

INDICATOR_FIELDS = ("title", "points", "weight", "unit", "nature", "direction", "target", "scorer", "evidence_rule")
AXIS_FIELDS = ("title", "maximum")


def to_come(cycle):
    """The Report of what the next year's cycle would be; nothing is written."""
    planned = next_year.plan(cycle)
    facts = [
        (_("Title"), planned.title),
        (_("Performance year"), localise_digits(planned.performance_year)),
        (_("Period"), f"{format_jalali(planned.period_start)} – {format_jalali(planned.period_end)}"),
    ]
    tables = [counts(cycle, planned), windows_to_come(planned), settings_to_come(cycle, planned), vacant(planned)]
    return Report(title=_("What the next year takes over"), tables=tables, facts=facts)


def counts(cycle, planned):
    """How many rows of each kind are copied."""
    parts = cycle.dimensions.aggregate(dimensions=Count("pk", distinct=True), axes=Count("axes"))
    indicators = cycle.indicators.aggregate(
        general=Count("pk", filter=Q(agency=None)), specific=Count("pk", filter=Q(agency__active=True))
    )
    rows = [
        (_("Dimensions"), parts["dimensions"]),
        (_("Axes"), parts["axes"]),
        (_("General indicators with their origins"), indicators["general"]),
        (_("Specific indicators, as proposals of the agencies"), indicators["specific"]),
        (_("Peer groups"), cycle.peer_groups.count()),
        (_("Evaluator groups"), cycle.evaluator_groups.count()),
        (_("Members of the evaluator groups"), len(planned.seats)),
        (_("Steps of the checklist"), cycle.steps.count()),
        (_("Windows, a year later"), len(planned.windows)),
    ]
    note = _(
        "Settings and the text of commitments are copied too. Agencies join when their list is finalised; targets, "
        "letters, sessions and figures belong to their year and are not copied."
    )
    columns = (Column(_("What is copied"), width=44), Column(_("Number"), COUNT))
    return Table(_("What is copied"), columns, rows, note=note)


def windows_to_come(planned):
    """Each window beside the one of the next year."""
    rows = [
        (
            name_of(row.window),
            day_of(row.window.opens_at),
            last_day_of(row.window.closes_at),
            day_of(row.opens_at),
            row.last,
            row.because,
        )
        for row in planned.windows
    ]
    rows += [
        (
            name_of(window),
            day_of(window.opens_at),
            last_day_of(window.closes_at),
            None,
            None,
            _("over already, left out"),
        )
        for window in planned.over
    ]
    columns = (
        Column(_("Window"), width=44),
        Column(_("this year: opens"), DAY),
        Column(_("this year: last day"), DAY),
        Column(_("next year: opens"), DAY),
        Column(_("next year: last day"), DAY),
        Column(_("remark"), width=30),
    )
    return Table(_("Windows"), columns, rows, empty=_("The cycle has no window."))


def day_of(moment):
    """The local day of a moment."""
    return timezone.localtime(moment).date()


def name_of(window):
    return f"{window} · {window.dimension}" if window.dimension else str(window)


def settings_to_come(cycle, planned):
    """The settings that go on by a year."""
    rows = [
        (label(Cycle, name), shown(cycle, name), day_or_number(value))
        for name, value in planned.moved.items()
        if value is not None
    ]
    return Table(
        _("Settings that change"), setting_columns(), rows, empty=_("All settings are taken over as they are.")
    )


def setting_columns():
    return Column(_("Setting"), width=44), Column(_("before"), width=30), Column(_("after"), width=30)


def day_or_number(value):
    return localise_digits(value) if isinstance(value, int) else format_jalali(value)


def vacant(planned):
    """The people whose seats are left out."""
    rows = [(str(seat.group), str(seat)) for seat in planned.vacant]
    columns = (Column(_("Evaluator group"), width=30), Column(_("Person"), width=30))
    note = _("They have no evaluator's role in this province any more.")
    return Table(_("Seats that stay empty"), columns, rows, note=note, empty=_("All members keep their seats."))


# -- what the copy has become ----------------------------------------------------------------------


def since(cycle):
    """The Report of what differs between a cycle and the one that it was copied from."""
    source = cycle.copied_from
    tables = [
        settings_changed(source, cycle),
        axes_changed(cycle),
        indicators_changed(source, cycle),
        windows_changed(source, cycle),
        steps_changed(source, cycle),
        seats_changed(source, cycle),
        agencies_changed(source, cycle),
    ]
    return Report(title=_("What has changed since “%(cycle)s”") % {"cycle": source}, tables=tables)


def settings_changed(source, cycle):
    names = [field.name for field in Cycle._meta.concrete_fields if field.name not in UNCOMPARED]
    rows = [
        (label(Cycle, name), shown(source, name), shown(cycle, name))
        for name in names
        if getattr(source, name) != getattr(cycle, name)
    ]
    return Table(_("Settings"), setting_columns(), rows, empty=_("Nothing has changed here."))


UNCOMPARED = next_year.OF_ONE_YEAR - {"title", "period_start", "period_end", "base_year", "next_cycle_on"}


def shown(row, name):
    """The value of a field as people read it; a dash where there is none."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if value in (None, "", []):
        return "—"
    if value is True or value is False:
        return _("yes") if value else _("no")
    if hasattr(value, "year"):
        return format_jalali(value)
    if isinstance(value, list):
        return "، ".join(map(str, value))
    field = row._meta.get_field(name)
    if field.get_internal_type() == "DecimalField":
        return localise_digits(f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}")
    return localise_digits(value) if isinstance(value, int) else str(value)


def label(model, name):
    return str(model._meta.get_field(name).verbose_name)


def differences(before, after, names):
    """[(field, before, after)] of the fields that differ, as people read them."""
    return [
        (label(type(after), name), shown(before, name), shown(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    ]


def change_columns(what):
    return (
        Column(what, width=44),
        Column(_("change"), width=24),
        Column(_("before"), width=30),
        Column(_("after"), width=30),
    )


def axes_changed(cycle):
    axes = Axis.objects.filter(dimension__cycle=cycle).select_related("origin", "dimension")
    rows = []
    for axis in axes.order_by("dimension__order", "number"):
        if axis.origin is None:
            rows.append((str(axis), _("new"), "—", "—"))
        else:
            rows += [(str(axis), *difference) for difference in differences(axis.origin, axis, AXIS_FIELDS)]
    return Table(_("Axes"), change_columns(_("Axis")), rows, empty=_("Nothing has changed here."))


def indicators_changed(source, cycle):
    """General indicators: changed, new and dropped ones."""
    rows = []
    general = Indicator.objects.filter(cycle=cycle, agency=None).select_related("origin").order_by("code")
    for indicator in general:
        if indicator.origin is None:
            rows.append((str(indicator), _("new"), "—", "—"))
        else:
            rows += [(str(indicator), *row) for row in differences(indicator.origin, indicator, INDICATOR_FIELDS)]
    kept = {indicator.origin_id for indicator in general}
    for dropped in Indicator.objects.filter(cycle=source, agency=None).exclude(pk__in=kept - {None}).order_by("code"):
        rows.append((str(dropped), _("dropped"), "—", "—"))
    return Table(_("General indicators"), change_columns(_("Indicator")), rows, empty=_("Nothing has changed here."))


def windows_changed(source, cycle):
    """The windows of both years, matched by stage, part and dimension."""
    before, after = spans(source), spans(cycle)
    rows = [
        (name, *before.get(name, (None, None)), *after.get(name, (None, None)))
        for name in dict.fromkeys([*after, *before])
    ]
    columns = (
        Column(_("Window"), width=44),
        Column(_("before: opens"), DAY),
        Column(_("before: last day"), DAY),
        Column(_("after: opens"), DAY),
        Column(_("after: last day"), DAY),
    )
    return Table(_("Windows"), columns, rows, empty=_("Neither year has a window."))


def spans(cycle):
    """{name of a window: (first day, last day)}."""
    windows = cycle.windows.select_related("dimension")
    return {name_of(window): (day_of(window.opens_at), last_day_of(window.closes_at)) for window in windows}


def steps_changed(source, cycle):
    return gone_and_come(
        _("Steps of the checklist"),
        _("Step"),
        [step.title for step in source.steps.all()],
        [step.title for step in cycle.steps.all()],
    )


def seats_changed(source, cycle):
    def names(year):
        seats = Evaluator.objects.filter(group__cycle=year).select_related("group", "user")
        return [f"{seat.group} · {seat}" for seat in seats]

    return gone_and_come(_("Evaluator groups"), _("Member"), names(source), names(cycle))


def agencies_changed(source, cycle):
    """Agencies that joined or left; before the list of the new cycle is final there is nothing to compare."""
    title, what = _("Agencies"), _("Agency")
    if not cycle.participants_fixed_at:
        return Table(title, change_columns(what)[:2], [], empty=_("The list of agencies is not final yet."))
    names = [list(year.participations.values_list("agency__name", flat=True)) for year in (source, cycle)]
    return gone_and_come(title, what, *names)


def gone_and_come(title, what, before, after):
    """A Table of names that only one of the two years has."""
    rows = [(name, _("new")) for name in after if name not in set(before)]
    rows += [(name, _("left out")) for name in before if name not in set(after)]
    return Table(title, change_columns(what)[:2], rows, empty=_("Nothing has changed here."))
