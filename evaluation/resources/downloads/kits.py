"""Offline kits, to be filled without the system: agencies upload them as `self`, evaluators as `scores`."""

import re

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation import workbook
from evaluation.models import Participation
from evaluation.process.door import Forbidden, Refusal

from ..workbooks.scores import Scores
from ..workbooks.self_assessment import SelfAssessment
from . import kit_guide
from .kit_columns import DIMENSION, AgencyKit, EvaluatorKit
from .templates import STAMP_COLUMN, cells, origin, sheet_column


def may_take_agency_kit(by, cycle):
    """Whether the person may download agencies' kits in this cycle: who may import and export `self`."""
    return cycle is not None and SelfAssessment.may_export(by, cycle)


def may_take_evaluator_kit(by, cycle):
    """Whether the person may download a kit of the own lines: who may import and export `scores`."""
    return cycle is not None and Scores.may_export(by, cycle)


def agency_kit_name(participation):
    """kit-<agency code>-<year>.xlsx, in letters that every system accepts."""
    code = re.sub(r"[^A-Za-z0-9._-]+", "-", participation.agency.code).strip("-.") or participation.pk
    return f"kit-{code}-{participation.cycle.performance_year}.xlsx"


def evaluator_kit_name(cycle):
    """kit-evaluator-<year>.xlsx."""
    return f"kit-evaluator-{cycle.performance_year}.xlsx"


def agency_kit(participation, *, by):
    """The bytes of one agency's kit: a guide, then a sheet for each dimension with the lines that it fills.

    Always in Persian. Raises Forbidden for people without the right or for another's agency, and Refusal while there
    are no lines.
    """
    visible = Participation.objects.visible_to(by).select_related("agency", "cycle__province")
    participation = visible.filter(pk=participation.pk).first()
    if participation is None or not may_take_agency_kit(by, participation.cycle):
        raise Forbidden("agency_kit")
    with translation.override("fa"):
        data = built(AgencyKit(participation, by=by), kit_guide.agency_page(participation))
    return given(data)


def evaluator_kit(cycle, *, by):
    """The bytes of the kit of a person who scores: a guide, then a sheet for each dimension with the assigned lines.

    Always in Persian. Raises Forbidden for people without the right, and Refusal where no line is theirs.
    """
    if not may_take_evaluator_kit(by, cycle):
        raise Forbidden("evaluator_kit")
    with translation.override("fa"):
        data = built(EvaluatorKit(by=by, cycle=cycle), kit_guide.evaluator_page(cycle, by))
    return given(data)


def given(data):
    """The kit, or a Refusal in the person's own language where there is none."""
    if data is None:
        raise Refusal(_("There are no lines for this workbook yet: they are made when the indicators are frozen."))
    return data


def built(kit, guide):
    """The bytes of a kit, or None without lines."""
    columns = [sheet_column(kit, kit.fields, code, locked=code in kit.key) for code in kit.order]
    rows = {}
    for row in kit.rows(filled=True):
        rows.setdefault(row[DIMENSION], []).append(cells(row, kit.fields, key=kit.key))
    if not rows:
        return None
    sheets = [
        workbook.Sheet(title=str(dimension), columns=[*columns, STAMP_COLUMN], rows=members, frozen=kit.frozen)
        for dimension, members in rows.items()
    ]
    properties = {"title": guide.heading, "subject": kit.cycle}
    custom = origin(kit.workbook, cycle=kit.cycle, by=kit.by)
    return workbook.build([guide, *sheets], properties=properties, custom=custom, protect=True, codes=True)
