"""The sidebar of a person: the menus of their roles, with the number of rows that wait in each job."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.enums import Stage
from evaluation.models import Cycle
from evaluation.process.improvement import report_card
from evaluation.rules import scopes
from evaluation.rules.person_argument import PersonArgument
from evaluation.rules.roles import memberships_of
from evaluation.rules.statements import statement

from ..navigation import Page, address_of, title_of
from .counts import Counts
from .jobs import ADMINISTRATOR, MENUS, Job
from .role_rows import Moments, RoleRows
from .years import Years, in_year, questions, years_from

COUNTS_KEPT = 20  # seconds; what the person does, and the first page, count anew
OF_A_CYCLE = "cycle__id__exact"  # how the name of every filter by cycle ends
UNFOLDED_UP_TO = 14  # entries; a short menu is shown whole, a long one by headings


class Entry(NamedTuple):
    """A job that a person may open."""

    job: Job
    role: RoleRows
    address: str  # without filters
    stands_at: tuple  # name of the role, place of the part in its menu, place of the job in the part

    @property
    def link(self):
        """The address, narrowed where the job narrows it, of all years."""
        return f"{self.address}?{urlencode(self.job.only)}" if self.job.only else self.address

    @property
    def title(self):
        return self.job.title or title_of(self.job.place)


class Kept(NamedTuple):
    """What is kept of a person's menu: {link of an entry: rows in which work waits}, and the years that they see."""

    waiting: dict
    years: Years


def sidebar(request):
    """Unfold's `SIDEBAR.navigation`: groups of items, each with `waits`, the number of rows in which work waits."""
    groups, counts, here = entries(request), waiting_counts(request), entry_here(request)
    short = sum(len(rows) for _part, rows in groups) <= UNFOLDED_UP_TO
    several = len(groups) > 1
    home = reverse("admin:index")
    first = {"title": _("First page"), "link": home, "icon": "home", "active": request.path == home}
    menu = [{"title": "", "items": [first]}]
    for part, rows in groups:
        items = [
            {
                "title": entry.title,
                "link": opened(request, entry.link, entry.job.place),
                "icon": entry.job.symbol,
                "active": entry is here,
                "waits": counts.get(entry.link, 0),
            }
            for entry in rows
        ]
        unfolded = short or any(item["waits"] for item in items)
        title = part.title if several else ""
        menu.append({"title": title, "icon": part.symbol, "items": items, "unfolded": unfolded})
    return menu


def entries(request):
    """[(part, [entry])] of the person's menus, made once in a request; what two roles share stands in the first."""
    if not hasattr(request, "menu_entries"):
        request.menu_entries = _entries(request)
    return request.menu_entries


def _entries(request):
    known, groups = set(), []
    for name, role, parts in _menus(request.user, Moments.present()):
        for at_part, part in enumerate(parts):
            rows = []
            for at_job, job in enumerate(part.jobs):
                entry = Entry(job, role, address_of(request, job.place), (name, at_part, at_job))
                if entry.address and entry.link not in known:
                    known.add(entry.link)
                    rows.append(entry)
            if rows:
                groups.append((part, rows))
    return groups


def _menus(user, moments):
    """[(name of the role, its rows, parts of its menu)]."""
    cycles = Cycle.objects.exclude(stage=Stage.CLOSED)
    if user.is_superuser:
        return [("", RoleRows(user, cycles, at=moments), ADMINISTRATOR)]
    members = memberships_of(user)
    return [
        (str(role), RoleRows(user, cycles, own, at=moments), parts)
        for role, parts in MENUS.items()
        if (own := [membership for membership in members if membership.role == role])
    ]


def opened(request, link, place):
    """The link to a list or page as the menu leads there: to the running year, where the list mixes years."""
    return link if isinstance(place, Page) else in_year(link, years_of(request), place)


def in_running_year(request, url):
    """A link of the first page to a list, narrowed to the running year unless it is narrowed to a cycle."""
    path, _mark, query = url.partition("?")
    entry = entry_of(request, path, QueryDict(query))
    if entry is None or path != entry.address or OF_A_CYCLE in query:
        return url
    return opened(request, url, entry.job.place)


def waiting_counts(request):
    """{link of an entry: rows in which work waits}, counted by one query and kept for all pages of some seconds."""
    return _kept(request).waiting


def years_of(request):
    """The Years of the person, asked for and kept together with what waits."""
    return _kept(request).years


def _kept(request):
    if not hasattr(request, "kept_menu"):
        kept = cache.get(_kept_as(request.user))
        if kept is None:
            with scopes.remembering(request.user):
                return _keep(request, *_counted(request))
        request.kept_menu = kept
    return request.kept_menu


def _counted(request):
    """([(link of an entry, rows in which work waits)], Years), by a question whose text is kept."""
    counting = [entry for _part, rows in entries(request) for entry in rows if entry.job.waits]
    report_card.meetings_asked_for()  # a process reads the kind of their rows once, before the text is written
    places = tuple(entry.stands_at for entry in counting)
    links = [entry.link for entry in counting for _rows_of in entry.job.waits]
    counts = waiting_rows.rows(PersonArgument(request.user), places, *Moments.present())
    waiting = [(links[at], number) for at, _value, number in counts if at < len(links)]
    said = [[value for at, value, _number in counts if at == len(links) + place] for place in (0, 1)]
    return [(link, 0) for link in links] + waiting, years_from(*said)


@statement
def waiting_rows(person, places, now, quarter):
    """(place, "", rows) of what waits in the jobs at these places of a person's menus, in the order of the places.

    At the places after them (place, what it says, rows) of each of the `questions` about years.
    """
    counts = Counts()
    menus = {name: (role, parts) for name, role, parts in _menus(person, Moments(now, quarter))}
    for name, part, job in places:
        role, parts = menus[name]
        for rows_of in parts[part].jobs[job].waits:
            counts.ask(rows_of(role))
    for rows in questions(person):
        counts.ask(rows, by="said")
    return counts.query()


def ask_counts(request, counts):
    """What the menu asks for among the `Counts` of the first page, which counts its own as well; for `keep_counts`."""
    waiting = [
        (entry.link, counts.ask(rows_of(entry.role)))
        for _part, rows in entries(request)
        for entry in rows
        for rows_of in entry.job.waits
    ]
    return waiting, [counts.ask(rows, by="said") for rows in questions(request.user)]


def keep_counts(request, asked):
    """Keep what `ask_counts` asked for: on the request, and for the pages of some seconds."""
    waiting, years = asked
    _keep(request, [(link, rows.number) for link, rows in waiting], years_from(*(rows.by_value for rows in years)))


def _keep(request, counted, years):
    waiting = {}
    for link, number in counted:
        waiting[link] = waiting.get(link, 0) + number
    request.kept_menu = Kept(waiting, years)
    cache.set(_kept_as(request.user), request.kept_menu, COUNTS_KEPT)
    return request.kept_menu


def count_anew(user):
    """Forget the counts of a person who has just done something."""
    cache.delete(_kept_as(user))


def _kept_as(user):
    return f"kept-menu-{user.pk}"


# -- where a page belongs -------------------------------------------------------------------------


def entry_here(request):
    """The entry to which the page of this request belongs, or None."""
    return entry_of(request, request.path, request.GET)


def entry_of(request, path, query=()):
    """The entry whose list holds the page at `path`; of two on one list the one whose filters `query` names."""
    best, chosen = (), None
    for _part, rows in entries(request):
        for entry in rows:
            fits = all(query and query.get(name) == value for name, value in entry.job.only)
            rank = (
                path == entry.address,
                len(_list_of(entry)),
                not isinstance(entry.job.place, Page),
                len(entry.job.only),
            )
            if fits and path.startswith(_list_of(entry)) and rank > best:
                best, chosen = rank, entry
    return chosen


def position(request, url):
    """The place in the menu of the list to which an address belongs; after all others, where none does."""
    listed = [entry for _part, rows in entries(request) for entry in rows]
    path, _mark, query = url.partition("?")
    entry = entry_of(request, path, QueryDict(query))
    return listed.index(entry) if entry else len(listed)


def own_title(request, model):
    """The name that the person's menu has for the whole list of `model`; "" where it has none of its own."""
    for _part, rows in entries(request):
        for entry in rows:
            if entry.job.place == model._meta.model_name and not entry.job.only:
                return entry.job.title
    return ""


def _list_of(entry):
    """The beginning of the addresses that belong to an entry: a page stands below its list."""
    address = entry.address
    return address.rstrip("/").rpartition("/")[0] + "/" if isinstance(entry.job.place, Page) else address
