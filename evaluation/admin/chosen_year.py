"""The year within which a list is shown, as its address says, and its cycles: they are few, and asked for by keys."""

from evaluation.models import Cycle
from evaluation.persian import to_latin_digits
from evaluation.rules.paths import CYCLE

from .addresses import is_key
from .menu.sidebar import years_of
from .menu.years import PARAMETER


def seen_cycles(request):
    """(key, year, title) of each cycle that the person sees, in the order of cycles; read once in a request."""
    if not hasattr(request, "seen_cycles"):
        rows = Cycle.objects.visible_to(request.user)
        request.seen_cycles = list(rows.values_list("pk", "performance_year", "title", named=True))
    return request.seen_cycles


def cycle_parameter(model_admin):
    """The name of the filter by cycle in the address of a list."""
    return f"{CYCLE.get(model_admin.opts.model_name)}__id__exact"


def chosen_cycle(request, model_admin):
    """The keys of cycles that the address of a list asks for."""
    return [key for key in request.GET.getlist(cycle_parameter(model_admin)) if is_key(key)]


def read_year(text):
    """The year that a text in either kind of digits says, or None."""
    digits = to_latin_digits(text)
    return int(digits) if digits.isdecimal() and len(digits) == 4 else None


def chosen_year(request, model_admin):
    """The year that the address of a list names, or that of the only cycle which it names.

    None where it names none that this person sees, and for people who see just one.
    """
    if model_admin.opts.model_name not in CYCLE:
        return None
    named, cycles = request.GET.get(PARAMETER), chosen_cycle(request, model_admin)
    if (named is None and len(cycles) != 1) or len(years := years_of(request).known) < 2:
        return None
    if named is not None:
        year = read_year(named)
        return year if year in years else None
    return next((cycle.performance_year for cycle in seen_cycles(request) if cycle.pk == int(cycles[0])), None)


def cycles_of(request, year):
    """The keys of the cycles of a year that the person sees."""
    return [cycle.pk for cycle in seen_cycles(request) if cycle.performance_year == year]


def chosen_cycles(request, model_admin):
    """The keys of the cycles of the chosen year of a list, as the person sees them; None where none is chosen."""
    year = chosen_year(request, model_admin)
    return None if year is None else cycles_of(request, year)


def narrowed(request, model_admin, rows):
    """Of the rows of a list those of its chosen year; all, where none is chosen."""
    cycles = chosen_cycles(request, model_admin)
    if cycles is None:
        return rows
    return rows.filter(**{f"{CYCLE[model_admin.opts.model_name]}__in": cycles})
