"""The ranking page: standings that can be sorted and filtered, with the progress of the axes beside them."""

import statistics
from urllib.parse import urlencode

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import persian
from evaluation.reports import figures, ranked_by

KEYS = {
    "rank": lambda standing: standing.rank,
    "group_rank": lambda standing: standing.group_rank,
    "name": lambda standing: persian.sort_key(standing.agency.name),
    "group": lambda standing: persian.sort_key(standing.group.title) if standing.group else None,
    "total": lambda standing: standing.total,
    "growth": lambda standing: standing.growth,
    "level": lambda standing: standing.level.order if standing.level else None,
}


TELLS_NO_RANK = ("name", "group")


class RankingMixin:
    """Adds `<pk>/ranking/`, named `evaluation_resultset_ranking`.

    Needs `visible_row()`, `page_of()` of `VerbsMixin`, `makes()`: the links to the files made from the figures, and
    `compare_url()`: the comparisons of them.
    """

    def get_urls(self):
        view = self.admin_site.admin_view(self.ranking_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_ranking"
        return [path("<path:object_id>/ranking/", view, name=name), *super().get_urls()]

    def ranking_view(self, request, object_id):
        """The standings that this person may see; `sort`, `group`, `by` in the address order, narrow and rank them."""
        obj = self.visible_row(request, object_id)
        if obj.computed_at is None:
            raise Http404
        results = figures.read(obj, request.user)
        ranking = results.ranking
        groups = {standing.group for standing in ranking.ranked if standing.group}
        groups = sorted(groups, key=lambda group: group.order)
        group = next((choice for choice in groups if str(choice.pk) == request.GET.get("group")), None)
        rows = [standing for standing in ranking.ranked if group is None or standing.group == group]
        sort, makes = request.GET.get("sort", ""), self.makes(request, obj)
        by = ranked_by.read(results, request.GET.get("by", ""))
        by_name = by.name if by else ""
        return TemplateResponse(
            request,
            "admin/evaluation/results/ranking.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Ranking"),
                "original": obj,  # the way back, above the page
                "result_set": obj,
                "ranking": ranking,
                "columns": columns(ranking, sort, group),
                "rows": [table_row(standing, ranking) for standing in ordered(rows, sort, ranking)],
                "summary": summary(rows, ranking),
                "unranked": [table_row(standing, ranking) for standing in ranking.unranked],
                "groups": [(choice.title, ranking_query("", choice, by_name), choice == group) for choice in groups],
                "all_url": ranking_query("", None, by_name),
                "ranked_by": by,
                "placed_rows": [row for row in by.rows if group in (None, row.standing.group)] if by else None,
                "figures": figures_to_rank_by(results, group, by_name),
                "group": group,
                "results": results,
                "axes": by_dimension(results.axes),
                "own_agency": only_agency(ranking),
                "extensions": results.extensions,
                "page_url": self.page_of(obj),
                "makes": makes,
                "compare_url": self.compare_url(obj) if makes and not ranking.is_partial else "",
            },
        )


def ranking_query(sort, group, by=""):
    """The address of the page sorted by a column, of one group, ranked by one figure (its name); each may be none."""
    asked = (("by", by), ("sort", sort), ("group", group.pk if group else ""))
    return f"?{urlencode({key: value for key, value in asked if value})}"


def figures_to_rank_by(results, group, by):
    """[(title, address, whether it is shown now)]: the total, and each figure by which the reader may rank."""
    choices = ranked_by.choices(results)
    return [
        (title, ranking_query("", group, name), name == by)
        for name, title in ([("", _("Total")), *choices] if choices else ())
    ]


def key_of(name, ranking):
    """How a column sorts; None for one that does not exist, or whose order would tell the ranks that are hidden."""
    if not ranking.shows_ranks and name not in TELLS_NO_RANK:
        return None
    if name.startswith("dimension"):
        known = {f"dimension{dimension.pk}": dimension.pk for dimension in ranking.dimensions}
        return (lambda standing: total_in(standing, known[name])) if name in known else None
    return KEYS.get(name)


def total_in(standing, dimension):
    row = standing.dimensions.get(dimension)
    return row.total if row else None


def ordered(rows, sort, ranking):
    """Sorted by a column, `-` before it for the other way; rows without a figure last. Else the ranking's order."""
    key = key_of(sort.removeprefix("-"), ranking)
    if key is None:
        return rows
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=sort.startswith("-"))
    return [*known, *(row for row in rows if key(row) is None)]


def columns(ranking, sort, group):
    """Headings with the address that sorts by them: figures from the highest, names and ranks from the first."""
    plan = [("rank", _("Rank"), "")] if ranking.shows_ranks else []
    plan += [("name", _("Agency"), ""), ("group", _("Peer group"), "")]
    plan += [("group_rank", _("Rank in the peer group"), "")] if ranking.shows_ranks else []
    plan += [(f"dimension{dimension.pk}", dimension.title, "-") for dimension in ranking.dimensions]
    plan += [("total", _("Total"), "-"), ("growth", _("Growth"), "-"), ("level", _("Level"), "")]
    return [heading(name, title, first, sort, group, key_of(name, ranking)) for name, title, first in plan]


def heading(name, title, first, sort, group, key):
    """A heading; without a key it is words alone."""
    if key is None:
        return {"title": title, "url": "", "direction": "none"}
    current = sort.removeprefix("-") == name
    following = ("" if sort.startswith("-") else "-") + name if current else first + name
    direction = ("descending" if sort.startswith("-") else "ascending") if current else "none"
    return {"title": title, "url": ranking_query(following, group), "direction": direction}


def only_agency(ranking):
    """The one agency whose figures the reader sees, where the others' are hidden; else None."""
    return ranking.everybody[0].agency if ranking.is_partial and len(ranking.everybody) == 1 else None


def table_row(standing, ranking):
    return {
        "standing": standing,
        "group_count": ranking.counts.in_group.get(standing.group.pk, 0) if standing.group else 0,
        "dimensions": [(dimension, standing.dimensions.get(dimension.pk)) for dimension in ranking.dimensions],
        "width": f"{standing.percent or 0:.1f}",  # a length in a style sheet, which reads Latin digits
    }


SUMMARY = (
    (gettext_lazy("Mean"), statistics.mean),
    (gettext_lazy("Median"), statistics.median),
    (gettext_lazy("Highest"), max),
    (gettext_lazy("Lowest"), min),
)
FEWEST_TO_SUM_UP = 3  # agencies: of fewer, the figures themselves are seen at a glance


def summary(standings, ranking):
    """[(title, [(dimension, figure)], figure of the total)] over the rows shown, of those that have the figure."""
    if len(standings) < FEWEST_TO_SUM_UP:
        return []
    parts = [dimension.pk for dimension in ranking.dimensions]
    columns = [[total_in(standing, part) for standing in standings] for part in parts]
    columns.append([standing.total for standing in standings])
    known = [[figure for figure in column if figure is not None] for column in columns]
    rows = [(title, [reckon(column) if column else None for column in known]) for title, reckon in SUMMARY]
    return [(title, list(zip(ranking.dimensions, figures[:-1], strict=True)), figures[-1]) for title, figures in rows]


def by_dimension(axes):
    dimensions = {}
    for figure in axes:
        members = dimensions.setdefault(figure.axis.dimension, [])
        members.append({"figure": figure, "width": f"{figure.percent or 0:.1f}"})
    return [{"title": dimension.title, "axes": members} for dimension, members in dimensions.items()]
