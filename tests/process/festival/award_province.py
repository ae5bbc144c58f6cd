"""A province with frozen figures made for awards: eighteen agencies in six groups, eight axes, one topic's indicator.

Each figure puts the agencies into another order. The bank (19) is outside of the ranking and best in everything; the
twentieth did not take part.
"""

from django.utils import timezone

from evaluation import models
from evaluation.enums import ResultState
from evaluation.process import kept
from tests import factories as make

AXES = (
    "اصلاح ساختار سازمانی",
    "توسعه دولت الکترونیک",
    "مدیریت سرمایه انسانی",
    "شفافیت و مدیریت مالی",
    "بهبود فضای کسب‌وکار و ارتقای بهره‌وری",
    "ارتقای سلامت اداری، مسئولیت‌پذیری و پاسخگویی",
    "توسعه فرهنگ سازمانی",
    "استقرار نظام مدیریت عملکرد",
)
BANK, ABSENT = 19, 20
NUMBERS = range(1, 21)


def name(number):
    return f"دستگاه {number:02}"


def group(number):
    return (number - 1) % 6 + 1


def general(number):
    return 990 if number == BANK else 500 + 10 * number


def specific(number):
    return 990 if number == BANK else 800 - 13 * (number * 7 % 19)


def growth(number):
    return 900 if number == BANK else 3 * (number * 5 % 19) - 9


def axis_points(number, axis):
    return 125 if number == BANK else 100 - (number + 3 * axis) % 19


def satisfaction(number):
    return 20 if number == BANK else number * 11 % 19


def two_years_ago(number):
    return 500 + 20 * (number * 3 % 19)


def content(participations):
    """The snapshot's data; `participations` {number: Participation}."""
    results = []
    for number, row in participations.items():
        passive = number == ABSENT
        parts = {1: general(number), 2: specific(number), None: general(number) + specific(number)}
        for dimension, total in parts.items():
            results.append(
                {
                    "participation": row.pk,
                    "dimension": dimension,
                    "total": None if passive else total,
                    "maximum": 2000 if dimension is None else 1000,
                    "passive": passive,
                    "growth": None if passive or dimension else growth(number),
                }
            )
    present = {number: row for number, row in participations.items() if number != ABSENT}
    return {
        "groups": [{"row": row, "title": f"گروه {row}", "order": row} for row in range(1, 7)],
        "dimensions": [
            {"row": 1, "code": "general", "kind": "general", "counts": True},
            {"row": 2, "code": "specific", "kind": "specific", "counts": True},
        ],
        "axes": [{"row": row, "title": title, "dimension": 1, "number": row} for row, title in enumerate(AXES, 1)],
        "indicators": [{"row": 1, "code": "G-604", "title": "رضایت مراجعان", "parent": None}],
        "agencies": [
            {"row": row.pk, "agency": row.agency_id, "name": name(number), "group": group(number)}
            | {"ranked": number != BANK}
            for number, row in participations.items()
        ],
        "lines": [[number, row.pk, 1, 1, 20, satisfaction(number), False] for number, row in present.items()],
        "results": results,
        "axis_results": [
            {"participation": row.pk, "axis": axis, "total": axis_points(number, axis), "maximum": 125}
            for number, row in present.items()
            for axis in range(1, 9)
        ],
    }


def frozen(cast):
    """{number: Agency} of the province, its figures kept as those of a computed result set, with earlier totals."""
    agencies, participations = {}, {}
    for number in NUMBERS:
        agencies[number] = make.AgencyFactory(province=cast.province, code=f"N{number}", name=name(number))
        row = models.Participation.objects.create(
            cycle=cast.cycle, agency=agencies[number], ranked_among="nobody" if number == BANK else "all"
        )
        participations[number] = row
        models.EarlierTotal.objects.create(
            agency=agencies[number],
            year=cast.cycle.performance_year - 2,
            total=two_years_ago(number),
            maximum=2000,
        )
    keep(cast, participations)
    return agencies


def keep(cast, participations):
    """Figures for these participations, in a new result set that stands."""
    made = models.ResultSet.objects.create(cycle=cast.cycle, number=cast.cycle.result_sets.count() + 1)
    models.ResultSet._base_manager.filter(pk=made.pk).update(
        state=ResultState.COMPUTED, computed_at=timezone.now(), computed_by=cast.manager
    )
    return kept.keep("figures", content(participations), cycle=cast.cycle, result_set=made, by=cast.manager)
