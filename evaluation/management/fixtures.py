"""Loading the CSV files of `fixtures/`: rows whose key is missing are added, none is changed or removed."""

import csv

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone, translation

from evaluation.enums import Channel, Stage
from evaluation.models import (
    Agreement,
    AwardKind,
    ExternalSystem,
    Headquarters,
    LegalReference,
    LetterTemplate,
    Level,
    LevelScheme,
    NoticeTemplate,
    PartnerBody,
    ProcessTemplate,
    Province,
    Service,
    ServiceChannel,
    TemplateStep,
)
from evaluation.models.base import SharedModel
from evaluation.persian import normalise, parse_jalali
from evaluation.process.service import editions

PROCESS_FORM = "track unit aims laws receivers providers forms documents technology duties".split()
SERVICE_TEXTS = (
    "identifier title provider mother_body description kind recipients nature level programme start documents forms "
    "frequency address system contact source"
).split()
FOLDER = settings.BASE_DIR / "fixtures"


def rows(name):
    """The rows of fixtures/<name>.csv as dictionaries."""
    with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def load_all():
    """Load what every installation needs. Returns {table in words: number of rows added}. May be run again."""
    call_command("loaddata", FOLDER / "roles.json", verbosity=0)  # overwritten: staff do not edit roles
    return {
        "provinces": add(Province, rows("provinces"), "code", "name"),
        "headquarters": add(Headquarters, rows("headquarters"), "code", "name"),
        "partner bodies": add(PartnerBody, rows("partner_bodies"), "code", "name"),
        "external systems": add(
            ExternalSystem, external_systems(), "code", *"name body fields mode cost source".split()
        ),
        "legal references": add(
            LegalReference, legal_references(), *"number date title link valid_until source".split(), keys=3
        ),
        "process templates": load_templates(),
        "level schemes": load_schemes(),
        "kinds of award": add(AwardKind, award_kinds(), "code", *AWARD_FIELDS),
        "identities of the service": load_services(),
        "service level agreements": load_agreements(),
        "texts of e-mails": add(NoticeTemplate, mail_texts(), "kind", "subject", "body", "mailed"),
        "texts of letters": add(
            LetterTemplate, rows("letter_templates"), *"kind subject body signer announcement".split()
        ),
    }


def add(model, source_rows, *fields, keys=1):
    """Add the rows whose key (the first `keys` of `fields`) is missing. Returns how many.

    Where staff entered a row under another key with a name that must be unique, theirs is kept.
    """
    shared = model.objects.filter(province=None) if issubclass(model, SharedModel) else model.objects.all()
    before = model.objects.count()
    present = set(shared.values_list(*fields[:keys]))
    fresh = [row for row in source_rows if tuple(row[name] for name in fields[:keys]) not in present]
    model.objects.bulk_create([model(**{name: row[name] for name in fields}) for row in fresh], ignore_conflicts=True)
    return model.objects.count() - before


def external_systems():
    """The external systems, with the cost in Persian words."""
    return [row | {"cost": "رایگان" if row["cost"] == "free" else row["cost"]} for row in rows("external_systems")]


def legal_references():
    """The legal references, with parsed dates; a law whose source gives no number or date has none."""
    return [
        row
        | {"number": normalise(row["number"])}
        | {name: parse_jalali(row[name]) if row[name] else None for name in ("date", "valid_until")}
        for row in rows("circulars")
    ]


def load_templates():
    """Add process templates with their steps. An existing template belongs to the staff and is not changed."""
    steps, made = rows("template_steps"), 0
    for row in rows("process_templates"):
        template, created = ProcessTemplate.objects.get_or_create(
            code=row["code"],
            province=None,
            defaults={
                "title": row["title"],
                "total_days": row["total_days"] or None,
                "skipped": skipped_stages(row["skipped"]),
                "festival_required": row["festival"] == "1",
                "source": row["source"],
                **{name: row[name] for name in PROCESS_FORM},
                **{name: row[name] == "1" for name in ("electronic", "proposed")},
            },
        )
        if created:
            own = [step for step in steps if step["template"] == row["code"]]
            TemplateStep.objects.bulk_create([template_step(template, step) for step in own])
            made += 1
    return made


def skipped_stages(codes):
    """The stages that a template skips, from their codes between `|`. Raises ValueError for what no cycle can skip."""
    stages = [Stage(code) for code in codes.split("|") if code]
    if never := [stage for stage in stages if stage not in Stage.worked()]:
        raise ValueError(f"no cycle can skip {', '.join(never)}")
    return [str(stage) for stage in stages]


def template_step(template, row):
    """One step of a process template, not saved."""
    return TemplateStep(
        template=template,
        number=row["number"],
        title=row["title"],
        responsible=row["responsible"],
        channel=channels(row["channel"]),
        days=row["days"] or None,
        stage=row["stage"],
        mandatory=row["mandatory"] == "1",
        phase=row["phase"],
    )


def channels(codes):
    """The channels in words, since staff write them as free text."""
    with translation.override(settings.LANGUAGE_CODE):
        return "، ".join(str(Channel(code).label) for code in codes.split("|") if code)


AWARD_FIELDS = (
    "scheme order title recipient within measure or_measure topics from_agencies from_governor in_each in_all "
    "team_size once source"
).split()


def award_kinds():
    """The kinds of award of public festivals, as their rules; an empty number is no limit."""
    return [
        row
        | {"scheme": row["scheme_title"], "topics": "\n".join(filter(None, row["topics"].split("|")))}
        | {name: int(row[name]) if row[name] else None for name in ("order", "in_each", "in_all", "team_size")}
        | {name: row[name] == "1" for name in ("from_agencies", "from_governor", "once")}
        for row in rows("award_kinds")
    ]


def load_services():
    """Add the identity of the service that all provinces share, published; one that is there stays as it is."""
    made = 0
    for row in rows("services"):
        if Service.objects.filter(identifier=row["identifier"], province=None).exists():
            continue
        text = {name: row[name] for name in SERVICE_TEXTS}
        figures = {name: int(row[name]) for name in ("recipient_count", "mean_months", "visits", "fee")}
        template = ProcessTemplate.objects.get(code=row["template"], province=None)
        service = Service.objects.create(**text, **figures, template=template, **published_today())
        laws = LegalReference.objects.filter(province=None, number__in=row["legal_references"].split("|"))
        service.legal_references.set(laws)
        ServiceChannel.objects.bulk_create(
            ServiceChannel(
                service=service, phase=one["phase"], medium=one["medium"], electronic=one["electronic"] == "1"
            )
            for one in rows("service_channels")
        )
        made += 1
    return made


def load_agreements():
    """Add the agreement that all provinces share, published with its text; one that is there stays as it is."""
    made = 0
    for row in rows("agreements"):
        if Agreement.objects.filter(province=None).exists():
            continue
        agreement = Agreement.objects.create(**row, **published_today())
        clauses = [{name: one[name] for name in ("side", "text", "measure")} for one in rows("agreement_clauses")]
        editions.load_clauses(agreement, clauses)
        agreement.text = editions.composed(agreement)
        agreement.save(update_fields=["text"])
        made += 1
    return made


def published_today():
    """The columns of a version that is in force from the day of loading on."""
    return {"valid_from": timezone.localdate(), "published_at": timezone.now()}


def mail_texts():
    """The texts of e-mails."""
    return [row | {"mailed": row["mailed"] == "1"} for row in rows("notice_templates")]


def load_schemes():
    """Add level schemes with their levels. An existing scheme belongs to the staff and is not changed."""
    made = {}
    for row in rows("level_schemes"):
        code = row["scheme"]
        if code not in made:
            scheme, created = LevelScheme.objects.get_or_create(
                code=code, province=None, defaults={"title": row["scheme_title"], "source": row["source"]}
            )
            made[code] = scheme if created else None
        if made[code]:
            Level.objects.create(
                scheme=made[code],
                order=row["order"] or 1,
                title=row["title"],
                threshold=row["threshold"] or None,
                effect=row["effect"],
            )
    return len([scheme for scheme in made.values() if scheme])
