"""The workbooks that can be imported, and which of them a person may import or download."""

from collections.abc import Iterable

from django.contrib.auth.models import User

from evaluation.enums import Workbook
from evaluation.models import Cycle

from .agencies import Agencies
from .attendance import AttendanceOfWorkshops
from .base import WorkbookResource
from .committees import Committees
from .days_off import DaysOff
from .evaluators import Evaluators
from .feed import Feed
from .history import History
from .indicators import Indicators
from .legal_references import LegalReferences
from .levels import Levels
from .memberships import Memberships
from .nominees import Nominees
from .plans import Plans
from .questions import Questions
from .received import Received
from .scores import Scores
from .self_assessment import SelfAssessment
from .specific import Specific
from .targets import Targets

OF_THE_YEAR = (
    *(Agencies, Indicators, Specific, Targets, SelfAssessment, Received, Scores, Feed, Levels, History),
    *(Plans, Nominees),
)
OF_TABLES = (Memberships, Evaluators, AttendanceOfWorkshops, Committees, LegalReferences, Questions, DaysOff)
ALL = (*OF_THE_YEAR, *OF_TABLES)
RESOURCES = {resource.workbook: resource for resource in ALL}


def resource_of(workbook: str) -> type[WorkbookResource]:
    """The WorkbookResource class of a workbook (its name). Raises ValueError for an unknown one."""
    return RESOURCES[Workbook(workbook)]


def importable(by: User, cycle: Cycle | None = None, among: Iterable[str] = tuple(RESOURCES)) -> list[Workbook]:
    """Those of the workbooks that the person may import; in this cycle, or in any where it is None."""
    return [workbook for workbook in map(Workbook, among) if RESOURCES[workbook].may_import(by, cycle)]


def downloadable(by: User, cycle: Cycle | None = None, among: Iterable[str] = tuple(RESOURCES)) -> list[Workbook]:
    """Those of the workbooks whose data the person may download; in this cycle, or in any where it is None."""
    return [workbook for workbook in map(Workbook, among) if RESOURCES[workbook].may_export(by, cycle)]
