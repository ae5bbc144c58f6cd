"""Ctrl+K: every list and page that a person may open, and rows of the lists in which people look things up.

A page is found by its title, by the name that the person's menu has for it, and by other words for it (`synonyms`).
"""

import re

from django.apps import apps
from django.contrib import admin
from django.db.models import CharField, F, Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

from evaluation.models import ResultSet
from evaluation.persian import match_key
from evaluation.persian.text import ZWNJ
from evaluation.reports.comparing.registry import COMPARISONS
from evaluation.reports.comparing.source import read_wholly
from evaluation.rules import scopes
from evaluation.rules.paths import CYCLE
from evaluation.rules.permissions import holds

from .addresses import page_url
from .chosen_year import seen_cycles
from .current import current_cycles
from .list_summary import sees_one_province
from .menu.sidebar import entries, opened, years_of
from .menu.years import is_of_a_year
from .navigation import CYCLE_PAGES, every_page, title_of
from .results.comparing import READERS, READERS_OF_LINES
from .synonyms import words_for
from .word_search import keys_of, known_words

SEARCHED = ("cycle", "agency", "headquarters", "indicator", "assessment", "objection", "transfer", "membership")
PER_LIST = 5
FEW = 200  # rows of a list that hold the words: above them the newest are looked for otherwise
MAX_PAGES = 10
MAX_QUERY_LENGTH = 100


def results_for(request, words):
    """Unfold's `COMMAND.search_callback`: pages first, then rows; all within the person's own rights and scope."""
    words = words[:MAX_QUERY_LENGTH]
    with scopes.remembering(request.user):
        return [*pages_like(request, words), *rows_like(request, words)]


# -- pages ----------------------------------------------------------------------------------------


def pages_like(request, words):
    """The pages whose title or other name holds every word, however typed; those that begin with the words first."""
    whole, keys = match_key(words), [key for word in words.split() if (key := match_key(word))]
    if not keys:
        return []
    hits = []
    for result in pages(request, keys):
        title = match_key(result.title)
        if any(all(key in f"{title} {other}" for key in keys) for other in other_names(result.link)):
            hits.append((title, result))
    hits.sort(key=lambda hit: (not hit[0].startswith(whole), not all(key in hit[0] for key in keys)))
    return [result for _title, result in hits[:MAX_PAGES]]


def other_names(link):
    """The keys of the other words for a page, one by one, and "" for its title alone."""
    return ["", *(match_key(words) for words in re.split("[,،]", words_for(link)) if words.strip())]


def pages(request, keys=()):
    """Every page that this person may open: the menu, all other lists, the pages of the present cycles, the account.

    Lists are opened as the menu opens them. Of the pages of cycles, which have no other names, those whose title holds
    each of the search keys.
    """
    results = [page(_("First page"), "", reverse("admin:index"), "home")]
    for part, rows in entries(request):
        for entry in rows:
            link = opened(request, entry.link, entry.job.place)
            results.append(page(entry.title, part.title, link, entry.job.symbol))
    in_menu = {entry.link for _part, rows in entries(request) for entry in rows}
    for heading, place, symbol, address in every_page(request):
        if address not in in_menu:
            results.append(page(title_of(place), heading, opened(request, address, place), symbol))
    return [*results, *pages_of_cycles(request, keys), *own_pages(request)]


def page(title, description, link, icon):
    return SearchResult(title=capfirst(str(title)), description=str(description), link=str(link), icon=icon)


def pages_of_cycles(request, keys):
    wanted = [cycle_page for cycle_page in CYCLE_PAGES if holds_words(cycle_page.title, keys)]
    ranking, comparisons = holds_words(_("Ranking"), keys), comparisons_with(keys)
    if not (wanted or ranking or comparisons):
        return []
    user, cycles = request.user, current_cycles(request.user)
    for cycle in cycles:
        scopes.seen(user, cycle)
    results = [
        page(cycle_page.title, cycle, page_url(cycle_page.name, cycle.pk), cycle_page.symbol)
        for cycle in cycles
        for cycle_page in wanted
        if cycle_page.is_for(user, cycle)
    ]
    return [*results, *pages_of_results(user, cycles, ranking, comparisons)] if ranking or comparisons else results


def holds_words(title, keys):
    title = match_key(str(title))
    return all(key in title for key in keys)


def comparisons_with(keys):
    """{name: comparison} of those whose title holds each of the search keys."""
    return {name: comparison for name, comparison in COMPARISONS.items() if holds_words(comparison.title, keys)}


def pages_of_results(user, cycles, ranking, comparisons):
    """The rankings of the cycles, if asked for, and these comparisons of them, as far as the person may open them."""
    if not holds(user, "view_resultset"):
        return []
    computed = ResultSet.objects.visible_to(user).filter(cycle__in=cycles).exclude(computed_at=None)
    result_sets = list(computed.select_related("cycle"))
    for result_set in result_sets:
        scopes.seen(user, result_set)
    opened = [result_set for result_set in result_sets if comparisons and holds(user, READERS, result_set)]
    compared = read_wholly(opened, user) if opened else []
    results = []
    for result_set in result_sets:
        if ranking:
            url = page_url("resultset_ranking", result_set.pk)
            results.append(page(_("Ranking"), result_set.cycle, url, "leaderboard"))
        results += comparisons_of(user, result_set, comparisons) if result_set in compared else []
    return results


def comparisons_of(user, result_set, comparisons):
    """Those comparisons of a result set, of which the person reads every figure, that they may open."""
    return [
        page(comparison.title, result_set.cycle, page_url("resultset_compare", result_set.pk, name), "compare_arrows")
        for name, comparison in comparisons.items()
        if not comparison.of_lines or holds(user, READERS_OF_LINES, result_set)
    ]


def own_pages(request):
    results = []
    if holds(request.user, "view_notice"):
        notices = apps.get_model("evaluation", "notice")._meta.verbose_name_plural
        results.append(
            page(_("Notification settings"), notices, page_url("notice_preferences"), "notifications_active")
        )
    if holds(request.user, "add_importrun"):
        results.append(page(_("Upload a workbook"), "", page_url("importrun_add"), "upload_file"))
    if request.user.has_usable_password():
        results.append(page(_("Change password"), request.user.get_username(), reverse("admin:password_change"), "key"))
    return results


# -- rows -----------------------------------------------------------------------------------------


def rows_like(request, words):
    """At most PER_LIST rows of each searched list, the newest first; spellings and half-spaces make no difference.

    Of lists whose rows are of a year those of the running years; those of others only where these hold none at all.
    """
    words = words.replace(ZWNJ, " ")
    if not keys_of(words):
        return []
    cycles = running_cycles(request)
    lists = searched_lists(request, words, SEARCHED, cycles)
    keys = keys_in(lists)
    of_a_year = [name for name in lists if is_of_a_year(name)]
    if cycles is not None and not any(keys[name] for name in of_a_year):
        lists |= searched_lists(request, words, of_a_year)
        keys |= keys_in({name: lists[name] for name in of_a_year})
    return [
        SearchResult(
            title=str(row),
            description=str(row._meta.verbose_name),
            link=reverse(f"admin:evaluation_{name}_change", args=[row.pk]),
            icon="article",
        )
        for name in lists
        for row in newest(request, lists[name], keys[name])
    ]


def running_cycles(request):
    """The keys of the cycles of the years that run, as somebody of one province sees them; None where all or none do.

    Of several provinces the newest rows are soon met, and those of one year are many.
    """
    years = years_of(request)
    if not years.running or years.running == years.known or not sees_one_province(request.user):
        return None
    return [cycle.pk for cycle in seen_cycles(request) if cycle.performance_year in years.running]


def searched_lists(request, words, names, cycles=None):
    """{name of a model: its rows that hold the words} of those of these lists that the person may open.

    `cycles`: the keys of the only cycles whose rows are looked for, in lists whose rows are of a year.
    """
    lists = {}
    for name in names:
        model = apps.all_models["evaluation"].get(name)
        registered = model and admin.site._registry.get(model)
        if registered and registered.has_view_or_change_permission(request) and registered.get_search_fields(request):
            within = cycles if is_of_a_year(name) else None
            rows = registered.readable_rows(request, within)
            rows = rows if within is None else rows.filter(**{f"{CYCLE[name]}__any_of": within})
            lists[name] = registered.rows_with_words(request, rows, words, known_words(request, within))
    return lists


def keys_in(lists):
    """{name: keys of at most FEW + 1 of its rows, in no order}, asked by one query for all lists.

    Each part of a union names its rows by their keys, since SQLite takes no limit in the part itself.
    """
    keys = {name: [] for name in lists}
    parts = []
    for name, rows in lists.items():
        few = rows.select_related(None).order_by().values("pk")[: FEW + 1]
        named = rows.model._base_manager.order_by().filter(pk__in=few)
        parts.append(named.values_list(Value(name, output_field=CharField()), "pk"))
    if parts:
        for name, key in parts[0].union(*parts[1:], all=True):
            keys[name].append(key)
    return keys


def newest(request, rows, keys):
    """At most PER_LIST of these rows, the newest first. `keys` are theirs, or some of them where there are many.

    Many rows hold a common word: of the whole country the newest are soon met from the end of their table. Those of one
    province may stand anywhere in it.
    """
    if not keys:
        return []
    if len(keys) <= FEW:
        return rows.filter(pk__in=sorted(keys, reverse=True)[:PER_LIST]).order_by("-pk")
    if not sees_one_province(request.user):
        return rows.order_by("-pk")[:PER_LIST]
    by_key = rows.select_related(None).alias(key_of_row=F("pk") + 0).order_by("-key_of_row").values("pk")
    return rows.filter(pk__in=by_key[:PER_LIST]).order_by("-pk")
