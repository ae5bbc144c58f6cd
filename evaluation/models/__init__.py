"""The tables, one file per aggregate."""

from .announcement import Announcement, Faq
from .assessment import Assessment
from .audit import AppendOnlyError, OnBehalf, TransitionLog
from .award_kind import AwardKind
from .calendar import CycleStep, DayOff, Extension, ExtensionRequest, ProcessTemplate, StageWindow, TemplateStep
from .circular import Attendance, Circular, CircularFile, CircularReceipt, LegalReference, Participant, Workshop
from .committee import Committee, CommitteeMember, CommitteeSession
from .cycle import Cycle
from .earlier_total import EarlierTotal
from .erratum import Correction, Erratum
from .evaluator_group import Assignment, Evaluator, EvaluatorGroup
from .exchange import ExternalSystem, FeedValue
from .festival import Award, CeremonyItem, ConflictOfInterest, Festival, Nominee, NomineeMark
from .file_event import FileEvent
from .file_source import FileSource
from .import_run import ImportChange, ImportRun
from .improvement import ActionFile, CardReceipt, ImprovementAction, ImprovementPlan
from .indicator import Axis, Dimension, Indicator, SpecificList, Target
from .kept_heading import KeptHeading
from .letter import Letter, LetterTemplate
from .line import Commitment, Evidence, Exemption, Line, Mark
from .notice import Notice, NoticePreference, NoticeTemplate
from .objection import Hearing, Objection, ObjectionVersion
from .organization import Agency, AgencyIdentifier, Headquarters, Membership, PartnerBody, Province
from .participation import Participation, PeerGroup
from .publicity import Publicity
from .remark import CouncilRemark
from .result import AgencyResult, AxisResult, Level, LevelScheme, Publication, ResultSet
from .sent_form import SentForm
from .service import Agreement, AgreementClause, HealthCheck, Outage, Service, ServiceChannel
from .snapshot import Snapshot
from .ticket import OutsideRequest, ServiceDesk, Ticket, TicketMessage, TicketRule
from .transfer import Transfer, TransferItem
from .visit import FeedbackSheet, Visit, VisitFile, VisitFinding

__all__ = [
    "ActionFile",
    "Agency",
    "AgencyIdentifier",
    "AgencyResult",
    "Agreement",
    "AgreementClause",
    "Announcement",
    "AppendOnlyError",
    "Assessment",
    "Assignment",
    "Attendance",
    "Award",
    "AwardKind",
    "Axis",
    "AxisResult",
    "CardReceipt",
    "CeremonyItem",
    "Circular",
    "CircularFile",
    "CircularReceipt",
    "Commitment",
    "Committee",
    "CommitteeMember",
    "CommitteeSession",
    "ConflictOfInterest",
    "Correction",
    "CouncilRemark",
    "Cycle",
    "CycleStep",
    "DayOff",
    "Dimension",
    "EarlierTotal",
    "Erratum",
    "Evaluator",
    "EvaluatorGroup",
    "Evidence",
    "Exemption",
    "Extension",
    "ExtensionRequest",
    "ExternalSystem",
    "Faq",
    "FeedValue",
    "FeedbackSheet",
    "Festival",
    "FileEvent",
    "FileSource",
    "Headquarters",
    "HealthCheck",
    "Hearing",
    "ImportChange",
    "ImportRun",
    "ImprovementAction",
    "ImprovementPlan",
    "Indicator",
    "KeptHeading",
    "LegalReference",
    "Letter",
    "LetterTemplate",
    "Level",
    "LevelScheme",
    "Line",
    "Mark",
    "Membership",
    "Nominee",
    "NomineeMark",
    "Notice",
    "NoticePreference",
    "NoticeTemplate",
    "Objection",
    "ObjectionVersion",
    "OnBehalf",
    "Outage",
    "OutsideRequest",
    "Participant",
    "Participation",
    "PartnerBody",
    "PeerGroup",
    "ProcessTemplate",
    "Province",
    "Publication",
    "Publicity",
    "ResultSet",
    "SentForm",
    "Service",
    "ServiceChannel",
    "ServiceDesk",
    "Snapshot",
    "SpecificList",
    "StageWindow",
    "Target",
    "TemplateStep",
    "Ticket",
    "TicketMessage",
    "TicketRule",
    "Transfer",
    "TransferItem",
    "TransitionLog",
    "Visit",
    "VisitFile",
    "VisitFinding",
    "Workshop",
]
