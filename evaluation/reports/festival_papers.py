"""The papers of a festival: certificates, programme, list for the stage, report (PDF and workbook), and its package."""

import hashlib
import json

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from evaluation import persian
from evaluation.enums import FestivalState
from evaluation.exchange.archive import pack, settled
from evaluation.exchange.package import FORMAT, MANIFEST, digest
from evaluation.workbook import Column, Sheet, build

from .book import organization
from .festival import winner_of, winners
from .typeset import figure, typeset, whole

REPORT, WORKBOOK = "report.pdf", "winners.xlsx"


def mark(festival):
    """The sentence on every page before the winners are announced; empty afterwards."""
    if festival.state in FestivalState.winners_known():
        return ""
    return _("Not to be made known before the winners are announced.")


def moment_of(festival):
    """The moment written into the files: of the announcement, before it now."""
    return festival.announced_at or timezone.now()


def day_of(festival):
    """The day of the ceremony in words; a dash before it is set."""
    return persian.format_jalali(festival.held_on, "long") if festival.held_on else "—"


# -- certificates ---------------------------------------------------------------------------------


def certificates(festival):
    """The bytes of a ZIP with one certificate (PDF) for each award, numbered in the order of the programme."""
    files = {}
    with translation.override("fa"):
        names = [(row.kind, winner) for row in winners(festival) for winner in row.winners]
        for number, (kind, winner) in enumerate(names, start=1):
            files[f"certificate-{number:03}.pdf"] = set_certificate(festival, kind, winner)
        files["certificates.xlsx"] = settled(build([list_of_files(names)]))
    return pack(files)


def certificate_of(award):
    """The certificate of one award (PDF), the same as in the ZIP of all."""
    with translation.override("fa"):
        return set_certificate(award.nominee.festival, award.nominee.kind, winner_of(award))


def set_certificate(festival, kind, winner):
    """The bytes of one certificate, in the language that is active."""
    return typeset("certificate", certificate(festival, kind, winner), at=moment_of(festival))


def list_of_files(names):
    """Which file is whose certificate."""
    columns = [
        Column(code="file", heading=_("File"), width=22),
        Column(code="name", heading=_("Name"), width=36),
        Column(code="kind", heading=_("Kind of award"), width=36),
    ]
    rows = [
        {"file": f"certificate-{number:03}.pdf", "name": winner.name, "kind": kind.title}
        for number, (kind, winner) in enumerate(names, start=1)
    ]
    return Sheet(title=_("Certificates"), columns=columns, rows=rows)


def certificate(festival, kind, winner):
    """The texts of one certificate."""
    heading = _("Certificate of appreciation")
    return {
        "title": f"{heading} · {winner.name}",
        "footer": f"{festival.title} · {festival.cycle.title}",
        "mark": mark(festival),
        "opening": _("In the name of God"),
        "organization": organization(festival.cycle),
        "heading": heading,
        "name": winner.name,
        "agency": winner.agency if winner.agency != winner.name else "",
        "text": honour(festival, kind, winner.part),
        "members": "، ".join(winner.members),
        "day": _("Date: %(day)s") % {"day": day_of(festival)},
        "signer": _("Head of the organization"),
        "sign": _("Name, signature and stamp"),
    }


def honour(festival, kind, part):
    """The sentence of a certificate."""
    words = {"festival": festival.title, "kind": kind.title, "part": part}
    words["year"] = whole(festival.cycle.performance_year)
    if part:
        return _("honoured at “%(festival)s” as “%(kind)s” in “%(part)s” for the performance year %(year)s") % words
    return _("honoured at “%(festival)s” as “%(kind)s” for the performance year %(year)s") % words


# -- papers of the ceremony -----------------------------------------------------------------------


def paper(festival, heading, *, sections, facts=(), signatures=()):
    """The bytes of a paper with the official head, a heading and sections."""
    letter = {
        "opening": _("In the name of God"),
        "sender": organization(festival.cycle),
        "facts": [
            (_("Number"), "…………"),
            (_("Date"), persian.format_jalali(timezone.localdate(moment_of(festival)), "long")),
            (_("Attachments"), pgettext("attachments", "none")),
        ],
    }
    content = {
        "title": f"{heading} · {festival.title}",
        "footer": f"{heading} · {festival.title} · {festival.cycle.title}",
        "mark": mark(festival),
        "letter": letter,
        "heading": heading,
        "subject": f"{festival.title} · {festival.cycle.title}",
        "facts": list(facts),
        "sections": sections,
        "signatures": list(signatures),
        "sign": _("Name, signature and stamp"),
    }
    return typeset("paper", content, at=moment_of(festival))


def section(title, columns=(), rows=(), *, paragraphs=(), nobody=""):
    return {
        "title": title,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "paragraphs": list(paragraphs),
        "nobody": nobody,
    }


def programme(festival):
    """The programme of the ceremony (PDF)."""
    with translation.override("fa"):
        rows = [
            [persian.localise_digits(f"{item.begins:%H:%M}") if item.begins else "—", item.title, item.speaker or "—"]
            for item in festival.programme.all()
        ]
        columns = [_("Time of day"), _("Item"), _("Person")]
        sections = [section(_("Programme"), columns, rows, nobody=_("The programme is not written yet."))]
        return paper(festival, _("Programme of the ceremony"), sections=sections, facts=place_and_day(festival))


def stage_list(festival):
    """The list for the stage (PDF): who is called, in which order, to what."""
    with translation.override("fa"):
        sections, number = [], 0
        columns = [_("Row"), _("Name"), _("Executive agency"), _("Group, axis or topic")]
        for row in winners(festival):
            rows = []
            for winner in row.winners:
                number += 1
                rows.append([whole(number), with_members(winner), winner.agency or "—", winner.part or "—"])
            if rows:
                sections.append(section(row.kind.title, columns, rows))
        return paper(festival, _("List for the stage"), sections=sections, facts=place_and_day(festival))


def place_and_day(festival):
    return [(_("Date of the ceremony"), day_of(festival)), (_("Place"), festival.place or "—")]


def with_members(winner):
    """The name of a winner, of a team with its members."""
    return f"{winner.name}: {'، '.join(winner.members)}" if winner.members else winner.name


# -- the report -----------------------------------------------------------------------------------


def report(festival):
    """The report of the festival (PDF): day, place and course, the awards with their reasons, who stepped out."""
    with translation.override("fa"):
        rows = winners(festival)
        awarded = sum(len(row.winners) for row in rows)
        facts = [
            *place_and_day(festival),
            (_("Evaluation cycle"), festival.cycle.title),
            (_("Committee"), str(festival.committee or "—")),
            (_("Nominees"), whole(festival.nominees.count())),
            (_("Awards"), whole(awarded)),
        ]
        columns = [_("Name"), _("Reason"), _("Executive agency"), _("Group, axis or topic"), _("Figure")]
        sections = [section(_("Course of the ceremony"), paragraphs=festival.course.splitlines())]
        for row in rows:
            table = [
                [with_members(winner), winner.reason, winner.agency or "—", winner.part or "—", figure(winner.figure)]
                for winner in row.winners
            ]
            sections.append(section(row.kind.title, columns, table, nobody=_("Nobody was chosen for this award.")))
        signatures = [_("Secretary of the festival"), _("Head of the organization")]
        return paper(festival, _("Report of the festival"), sections=sections, facts=facts, signatures=signatures)


def workbook(festival):
    """The bytes of the winners as an .xlsx, in Persian and right to left."""
    with translation.override("fa"):
        columns = [
            Column(code="kind", heading=_("Kind of award"), width=36),
            Column(code="part", heading=_("Group, axis or topic"), width=26),
            Column(code="name", heading=_("Name"), width=36),
            Column(code="agency", heading=_("Executive agency"), width=36),
            Column(code="members", heading=_("Members of the team"), width=36),
            Column(code="figure", heading=_("Figure"), kind="number", places=2, width=14),
            Column(code="measure", heading=_("Figure by which"), width=26),
            Column(code="reason", heading=_("Reason"), width=50),
        ]
        rows = [
            {
                "kind": row.kind.title,
                "part": winner.part,
                "name": winner.name,
                "agency": winner.agency,
                "members": "، ".join(winner.members),
                "figure": winner.figure,
                "measure": winner.measure,
                "reason": winner.reason,
            }
            for row in winners(festival)
            for winner in row.winners
        ]
        sheet = Sheet(title=_("Winners"), columns=columns, rows=rows)
        properties = {"title": festival.title, "subject": festival.cycle.title}
        return settled(build([sheet], properties=properties, header=mark(festival)))


def package(festival):
    """(bytes, SHA-256 in hex) of the report as it is sent: PDF, workbook and a manifest that a receiver verifies."""
    files = {REPORT: report(festival), WORKBOOK: workbook(festival)}
    manifest = {
        "format": FORMAT,
        "festival": festival.pk,
        "cycle": {
            "province": festival.cycle.province.code,
            "performance_year": festival.cycle.performance_year,
            "title": festival.cycle.title,
        },
        "files": {name: {"size": len(content), "sha256": digest(content)} for name, content in files.items()},
    }
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    content = pack(files)
    return content, hashlib.sha256(content).hexdigest()


MAKERS = {  # name of a paper: (its words, name of its file, the function that makes it)
    "certificates": (gettext_lazy("Certificates"), "certificates.zip", certificates),
    "programme": (gettext_lazy("Programme of the ceremony"), "programme.pdf", programme),
    "stage": (gettext_lazy("List for the stage"), "stage.pdf", stage_list),
    "report": (gettext_lazy("Report of the festival"), "festival-report.pdf", report),
    "workbook": (gettext_lazy("Winners as a workbook"), "winners.xlsx", workbook),
}
