"""What else a year asks for: a template for 64 agencies × 70 lines, and their ranking beside one SQL query."""

from django.db import connection

from evaluation.process.results import computing, ground, result
from evaluation.resources.downloads.templates import export, template

from . import world
from .rounds import best_of, seconds

TOTALS = """SELECT p.agency_id, s.dimension_id, SUM(l.final_score) AS total,
RANK() OVER (PARTITION BY s.dimension_id ORDER BY SUM(l.final_score) DESC)
FROM evaluation_line l JOIN evaluation_assessment s ON s.id = l.assessment_id
JOIN evaluation_participation p ON p.id = s.participation_id WHERE p.cycle_id = %s
GROUP BY p.agency_id, s.dimension_id"""


def measure(times):
    """Seconds of the template, the export, the computing of results and the query; 64 agencies × 70 lines."""
    made = world.make("year", agencies=64, general=45, specific=25)
    downloads = {
        "template": lambda: {"template": seconds(_download, template, made)[1]},
        "export": lambda: {"export": seconds(_download, export, made)[1]},
    }
    found = {"lines": made.lines.count()} | best_of(times, downloads)
    world.confirm(made)
    result_set = result.prepare(made.cycle, by=made.manager)
    ranking = {
        "compute": lambda: {"compute": seconds(_compute, result_set, made)[1]},
        "figures": lambda: {"figures": seconds(_figures, made)[1]},
        "query": lambda: {"query": seconds(_query, made)[1]},
    }
    found |= best_of(times, ranking)
    _compare(_query(made), result_set)
    return found


def _download(make, made):
    return make("scores", by=made.manager, cycle=made.cycle)


def _compute(result_set, made):
    """All of it: conditions, totals by axis and dimension with their explanations, growth, ranks, rows and log."""
    return result.compute(result_set, by=made.manager)


def _figures(made):
    """The part that the query does too: lines read, totals and ranks by dimension; nothing is kept."""
    return computing.compute(ground.gather(made.cycle))


def _query(made):
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, [made.cycle.pk])
        return cursor.fetchall()


def _compare(rows, result_set):
    """Both do the same sums, or the comparison says nothing."""
    kept = result_set.agency_results.exclude(dimension=None)
    ours = {
        (each.participation.agency_id, each.dimension_id): each.raw for each in kept.select_related("participation")
    }
    theirs = {(agency, dimension): total for agency, dimension, total, _rank in rows}
    if {key: round(float(total), 4) for key, total in theirs.items()} != {
        key: round(float(total), 4) for key, total in ours.items()
    }:
        raise RuntimeError("The query and the product disagree.")
