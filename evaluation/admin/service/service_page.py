"""The service and its agreement before log-in, with the figure that was measured beside each promise."""

from django.core.cache import cache
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.enums import ClauseSide
from evaluation.models import Agreement, Service, ServiceDesk
from evaluation.persian import localise_digits
from evaluation.process.in_force import in_force
from evaluation.process.service.desk import desks, served_provinces
from evaluation.reports import service_figures

from ..addresses import key_named
from .desk_frame import page, public

KEPT_FOR = 10 * 60  # seconds for which figures are not measured anew, however often the page is asked for


@public
@require_safe
def service(request):
    """One province's service and agreement; where there are several, the province is chosen above."""
    provinces = list(served_provinces())
    chosen = key_named(request, "province")
    province = next((row for row in provinces if row.pk == chosen), provinces[0] if provinces else None)
    described, agreement = in_force(Service, province), in_force(Agreement, province)
    context = {"provinces": provinces, "province": province, "service": described, "agreement": agreement}
    context["desks"] = desks().filter(province=province) if province else ServiceDesk.objects.none()
    if described:
        context |= {
            "facts": facts(described),
            "channels": described.channels.all(),
            "laws": described.legal_references.all(),
            "steps": described.template.steps.all() if described.template else (),
        }
    if province:
        context["tickets"] = kept_for(province, "tickets", lambda: service_figures.tickets(province, timezone.now()))
    if agreement:
        context |= {"sides": sides(agreement, province), "parts": parts(agreement)}
    return page(request, "service", _("The service and the agreement"), **context)


def facts(row):
    """[(label, value)] of the identity form, in its order; what is not filled in has an empty value."""
    named = "identifier provider mother_body description kind recipients nature level programme start".split()
    named += "documents forms recipient_count mean_months frequency visits fee system address contact".split()
    in_words = {
        "identifier": localise_digits(row.identifier),
        "recipient_count": row.recipient_count and localise_digits(row.recipient_count),
        "mean_months": row.mean_months and localise_digits(row.mean_months),
        "visits": localise_digits(row.visits) if row.visits else _("No visit in person is needed."),
        "fee": localise_digits(row.fee) if row.fee else _("The service is free."),
    }
    return [(row._meta.get_field(name).verbose_name, in_words.get(name, shown(row, name))) for name in named]


def shown(row, name):
    """A field in words: the label of a choice, else its text."""
    return getattr(row, f"get_{name}_display", lambda: getattr(row, name))()


def sides(agreement, province):
    """[{label, rows}] of both sides: each clause with its measure and the measured figure."""
    clauses = list(agreement.clauses.all())
    measured = figures_of(province) if any(clause.measure for clause in clauses) else {}
    return [
        {
            "label": side.label,
            "rows": [
                {
                    "text": clause.text,
                    "measure": clause.get_measure_display() if clause.measure else "",
                    "figure": measured.get(clause.measure),
                }
                for clause in clauses
                if clause.side == side
            ],
        }
        for side in ClauseSide
    ]


def figures_of(province):
    """The measured figures of a province beside the clauses of its agreement."""
    if province is None:
        return {}
    figures = kept_for(province, "figures", lambda: service_figures.figures(province))
    return {str(measure): figure for measure, figure in figures.items()}


def kept_for(province, name, measure):
    """What `measure()` gives for a province, kept for a few minutes in the language of the page."""
    key = f"service-{name}:{province.pk}:{translation.get_language()}:{timezone.localdate()}"
    kept = cache.get(key)
    if kept is None:
        kept = measure()
        cache.set(key, kept, KEPT_FOR)
    return kept


def parts(agreement):
    """[(label, text)] of what stands below both sides' clauses."""
    return [(agreement._meta.get_field(name).verbose_name, getattr(agreement, name)) for name in PARTS]


PARTS = ("fee", "amendment", "termination")
