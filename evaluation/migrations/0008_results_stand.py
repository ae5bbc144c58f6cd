"""Results are kept as snapshots; letters, remarks of the council and errata; results that stand get their snapshot."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
import evaluation.models.base
from django.conf import settings
from django.db import migrations, models


RESULT = (
    "participation_id",
    "dimension_id",
    "raw",
    "total",
    "maximum",
    "exempt_points",
    "passive",
    "rank",
    "group_rank",
)
NAMED = ("participation", "dimension", "raw", "total", "maximum", "exempt", "passive", "rank", "group_rank")
SETTINGS = (
    "end_order", "report_required", "level_source", "exemption_rule", "over_maximum", "objection_only_up",
    "different_decider",
)  # fmt: skip
MOMENTS = ("computed_at", "council_at", "reported_at", "levelled_at", "announced_at")


def keep_standing(apps, schema_editor):
    """A snapshot of every result set that was computed, as it stands now, marked as made afterwards.

    Names, groups and settings are those of today: nothing tells what they were. Extensions are not counted again.
    """
    for result_set in apps.get_model("evaluation", "resultset").objects.exclude(computed_at=None).order_by("pk"):
        name_rows(apps, result_set)
        code = keep(apps, result_set, "figures", figures_of(apps, result_set))
        if result_set.announced_at:
            keep(apps, result_set, "announcement", announcement_of(apps, result_set, code))


def keep(apps, result_set, part, content):
    text = canonical({"format": 1, "part": part, "edition": 1} | content)
    code = hashlib.sha256(text.encode()).hexdigest()
    apps.get_model("evaluation", "snapshot").objects.create(
        cycle_id=result_set.cycle_id, result_set=result_set, part=part, number=1, content=text, sha256=code,
        made_later=True,
    )  # fmt: skip
    return code


def canonical(content):
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)


def plain(value):
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def name_rows(apps, result_set):
    """The names in the rows of the lists."""
    for name in ("agencyresult", "axisresult"):
        model = apps.get_model("evaluation", name)
        rows = list(
            model.objects.filter(result_set=result_set).select_related(
                "participation__agency", "participation__peer_group"
            )
        )
        fields = ["agency_name"]
        for row in rows:
            row.agency_name = row.participation.agency.name
            if name == "agencyresult":
                row.group_title = row.participation.peer_group.title if row.participation.peer_group else ""
                fields = ["agency_name", "group_title"]
        model.objects.bulk_update(rows, fields, batch_size=200)


def figures_of(apps, result_set):
    cycle = result_set.cycle
    table = {name: apps.get_model("evaluation", name).objects for name in (
        "peergroup", "dimension", "axis", "indicator", "participation", "assessment", "line", "agencyresult", "axisresult"
    )}  # fmt: skip
    rows_of = {
        name: list(table[name].filter(result_set=result_set).order_by("pk")) for name in ("agencyresult", "axisresult")
    }
    files = {}
    for key, dimension, state in (
        table["assessment"]
        .filter(participation__cycle=cycle)
        .exclude(state="withdrawn")
        .order_by("dimension__order", "pk")
        .values_list("participation", "dimension", "state")
    ):
        files.setdefault(key, []).append({"dimension": dimension, "absent": state == "absent"})
    lines = table["line"].filter(assessment__participation__cycle=cycle).exclude(assessment__state="withdrawn")
    names = (
        "pk",
        "assessment__participation",
        "assessment__dimension",
        "indicator",
        "maximum",
        "final_score",
        "exempt",
    )
    return {
        "result_set": result_set.number,
        "rule_version": result_set.rule_version,
        "computed_at": result_set.computed_at,
        "cycle": {
            "province": cycle.province.name,
            "title": cycle.title,
            "performance_year": cycle.performance_year,
            "kind": cycle.kind,
            "period_start": cycle.period_start,
            "period_end": cycle.period_end,
            "template": cycle.template.title if cycle.template else "",
        },
        "settings": {name: getattr(cycle, name) for name in SETTINGS},
        "groups": [
            {"row": group.pk, "title": group.title, "order": group.order}
            for group in table["peergroup"].filter(cycle=cycle).order_by("order", "title")
        ],
        "dimensions": [
            {"row": each.pk}
            | {name: getattr(each, name) for name in ("code", "kind", "title", "order", "maximum", "basis", "counts")}
            for each in table["dimension"].filter(cycle=cycle).order_by("order", "pk")
        ],
        "axes": [
            {"row": axis.pk, "dimension": axis.dimension_id}
            | {name: getattr(axis, name) for name in ("number", "title", "maximum")}
            for axis in table["axis"].filter(dimension__cycle=cycle).order_by("dimension__order", "dimension", "number")
        ],
        "indicators": [
            dict(zip(("row", "code", "title", "axis", "dimension", "parent", "weight"), row, strict=True))
            for row in table["indicator"]
            .filter(cycle=cycle)
            .order_by("pk")
            .values_list("pk", "code", "title", "axis_id", "dimension_id", "parent_id", "weight")
        ],
        "agencies": [
            {
                "row": each.pk,
                "agency": each.agency_id,
                "code": each.agency.code,
                "name": each.agency.name,
                "kind": each.agency.kind,
                "headquarters": each.agency.headquarters.name if each.agency.headquarters else "",
                "group": each.peer_group_id,
                "ranked": each.ranked,
                "files": files[each.pk],
                "extensions": {"number": 0, "days": 0},
                "bases": [],
            }
            for each in table["participation"].filter(cycle=cycle).select_related("agency__headquarters").order_by("pk")
            if each.pk in files
        ],
        "line_columns": ["row", "participation", "dimension", "indicator", "maximum", "score", "exempt"],
        "lines": [list(row) for row in lines.order_by("pk").values_list(*names)],
        "results": [
            dict(zip(NAMED, (getattr(row, name) for name in RESULT), strict=True))
            | {"growth": row.growth, "explanation": row.explanation}
            for row in rows_of["agencyresult"]
        ],
        "axis_results": [
            {"participation": row.participation_id, "axis": row.axis_id}
            | {name: getattr(row, name) for name in ("raw", "total", "maximum")}
            for row in rows_of["axisresult"]
        ],
    }


def announcement_of(apps, result_set, code):
    session, sent = result_set.council_session, result_set.report
    rows = apps.get_model("evaluation", "agencyresult").objects.filter(result_set=result_set).exclude(level=None)
    return {
        "figures_sha256": code,
        "council": session
        and {
            "committee": session.committee.title,
            "number": session.number,
            "held_on": session.held_on,
            "present": [f"{member.name} · {member.office}".strip(" ·") for member in session.present.order_by("pk")],
            "guests": "",
            "resolution": session.resolution,
            "minutes_sha256": session.minutes_sha256,
        },
        "report": sent
        and {name: getattr(sent, name) for name in ("letter_number", "letter_date", "sha256", "sent_at")},
        "levels": [
            {
                "participation": row.participation_id,
                "dimension": row.dimension_id,
                "title": row.level.title,
                "order": row.level.order,
                "letter": row.level_letter,
            }
            for row in rows.select_related("level").order_by("pk")
        ],
        "moments": {name: getattr(result_set, name) for name in MOMENTS},
    }


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0007_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "old_score",
                    models.DecimalField(decimal_places=6, max_digits=14, null=True, verbose_name="score before"),
                ),
                ("new_score", models.DecimalField(decimal_places=6, max_digits=14, verbose_name="score after")),
            ],
            options={
                "verbose_name": "corrected line",
                "verbose_name_plural": "corrected lines",
                "ordering": ["erratum", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CouncilRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", evaluation.models.base.PersianTextField(blank=True, verbose_name="what is objected to")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("changed", "Score changed"), ("upheld", "Score upheld")],
                        max_length=30,
                        verbose_name="answer",
                    ),
                ),
                ("reason", evaluation.models.base.PersianTextField(blank=True, verbose_name="reason")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="answered at"),
                ),
            ],
            options={
                "verbose_name": "remark of the council",
                "verbose_name_plural": "remarks of the council",
                "ordering": ["result_set", "pk"],
                "permissions": [("answer_councilremark", "Can answer a remark of the council")],
            },
        ),
        migrations.CreateModel(
            name="Erratum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.PositiveSmallIntegerField(verbose_name="edition")),
                ("reason", evaluation.models.base.PersianTextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
            ],
            options={
                "verbose_name": "erratum",
                "verbose_name_plural": "errata",
                "ordering": ["result_set", "-edition"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("council", "Results to the council")], max_length=30, verbose_name="kind"
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="letter number")),
                ("date", models.DateField(verbose_name="letter date")),
                (
                    "recipient",
                    evaluation.models.base.PersianCharField(
                        db_collation="persian", max_length=250, verbose_name="recipient"
                    ),
                ),
                ("file", models.FileField(upload_to="letters/", verbose_name="file")),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64, verbose_name="integrity code")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
                (
                    "received_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="received at"),
                ),
                (
                    "file_name",
                    models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
                ),
                ("file_size", models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes")),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "permissions": [("receive_letter", "Can record the receipt of a letter")],
                "ordering": ["-sent_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("figures", "Figures"),
                            ("announcement", "Announcement"),
                            ("interim", "Axis figures of an interim evaluation"),
                        ],
                        max_length=30,
                        verbose_name="part",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("content", models.TextField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="integrity code")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at")),
                (
                    "made_later",
                    models.BooleanField(
                        default=False,
                        help_text="The results stood before snapshots were kept.",
                        verbose_name="made afterwards",
                    ),
                ),
            ],
            options={
                "verbose_name": "snapshot of results",
                "verbose_name_plural": "snapshots of results",
                "ordering": ["result_set", "part", "-number"],
            },
        ),
        migrations.AlterModelOptions(
            name="resultset",
            options={
                "ordering": ["cycle", "-number"],
                "permissions": [
                    ("compute_resultset", "Can compute the results"),
                    ("approve_resultset", "Can record the council's approval"),
                    ("report_resultset", "Can record the report to the national organization"),
                    ("level_resultset", "Can record levels"),
                    ("announce_resultset", "Can announce the results"),
                    ("publish_resultset", "Can publish the results"),
                    ("void_resultset", "Can void a result set"),
                    ("return_resultset", "Can return the results from the council"),
                    ("dispatch_resultset", "Can send the results to the council"),
                    ("correct_resultset", "Can correct published results by an erratum"),
                    ("export_resultset", "Can export the ranking"),
                ],
                "verbose_name": "result set",
                "verbose_name_plural": "result sets",
            },
        ),
        migrations.RemoveConstraint(
            model_name="mark",
            name="mark_source_known",
        ),
        migrations.AddField(
            model_name="agencyresult",
            name="agency_name",
            field=evaluation.models.base.PersianCharField(
                blank=True, db_collation="persian", max_length=250, verbose_name="executive agency"
            ),
        ),
        migrations.AddField(
            model_name="agencyresult",
            name="group_title",
            field=evaluation.models.base.PersianCharField(
                blank=True, db_collation="persian", max_length=250, verbose_name="peer group"
            ),
        ),
        migrations.AddField(
            model_name="axisresult",
            name="agency_name",
            field=evaluation.models.base.PersianCharField(
                blank=True, db_collation="persian", max_length=250, verbose_name="executive agency"
            ),
        ),
        migrations.AddField(
            model_name="committeesession",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[("approved", "Results approved"), ("returned", "Results returned")],
                editable=False,
                max_length=30,
                verbose_name="decision on the results",
            ),
        ),
        migrations.AddField(
            model_name="committeesession",
            name="guests",
            field=evaluation.models.base.PersianTextField(
                blank=True,
                help_text="Persons present who are no registered members, one on each line.",
                verbose_name="others present",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="edition",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="edition"),
        ),
        migrations.AlterField(
            model_name="mark",
            name="source",
            field=models.CharField(
                choices=[
                    ("screen", "Entered on screen"),
                    ("import", "Imported from a workbook"),
                    ("transfer", "Received by transfer"),
                    ("feed", "External system"),
                    ("copy", "Taken from the level before"),
                    ("objection", "Decision on an objection"),
                    ("undo", "Import undone"),
                    ("confirmation", "Final confirmation"),
                    ("council", "Answer to a remark of the council"),
                    ("erratum", "Erratum"),
                ],
                default="screen",
                max_length=30,
                verbose_name="source",
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source", "screen"),
                    ("source", "import"),
                    ("source", "transfer"),
                    ("source", "feed"),
                    ("source", "copy"),
                    ("source", "objection"),
                    ("source", "undo"),
                    ("source", "confirmation"),
                    ("source", "council"),
                    ("source", "erratum"),
                    _connector="OR",
                ),
                name="mark_source_known",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="evaluation.line",
                verbose_name="line",
            ),
        ),
        migrations.AddField(
            model_name="councilremark",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="councilremark",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="evaluation.line",
                verbose_name="line",
            ),
        ),
        migrations.AddField(
            model_name="councilremark",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="evaluation.participation",
                verbose_name="executive agency",
            ),
        ),
        migrations.AddField(
            model_name="councilremark",
            name="result_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="evaluation.resultset",
                verbose_name="result set",
            ),
        ),
        migrations.AddField(
            model_name="councilremark",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="evaluation.committeesession",
                verbose_name="council session",
            ),
        ),
        migrations.AddField(
            model_name="erratum",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="erratum",
            name="result_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="errata",
                to="evaluation.resultset",
                verbose_name="result set",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="erratum",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="evaluation.erratum",
                verbose_name="erratum",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="evaluation.cycle",
                verbose_name="cycle",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="received_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="received by",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="result_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="evaluation.resultset",
                verbose_name="result set",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="sent by",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="snapshots",
                to="evaluation.cycle",
                verbose_name="cycle",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="result_set",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="snapshots",
                to="evaluation.resultset",
                verbose_name="result set",
            ),
        ),
        migrations.AddConstraint(
            model_name="councilremark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                    models.Q(
                        ("answer__in", ["changed", "upheld"]),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="councilremark_answered_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="councilremark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "changed"), _negated=True), ("line__isnull", False), _connector="OR"
                ),
                name="councilremark_changed_on_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="erratum",
            constraint=models.UniqueConstraint(fields=("result_set", "edition"), name="erratum_edition_once"),
        ),
        migrations.AddConstraint(
            model_name="erratum",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition__gte", 2)), name="erratum_after_first_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="erratum",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="erratum_with_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(fields=("erratum", "line"), name="correction_once_in_erratum"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["council"])), name="letter_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                fields=("cycle", "number"),
                name="letter_number_once_in_cycle",
                violation_error_message="A letter of this cycle has this number already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_at", None), ("received_by__isnull", False), _connector="OR"),
                name="letter_received_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("cycle", "result_set", "part", "number"), name="snapshot_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["figures", "announcement", "interim"])), name="snapshot_part_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("part", "interim"), ("result_set", None)),
                    models.Q(models.Q(("part", "interim"), _negated=True), ("result_set__isnull", False)),
                    _connector="OR",
                ),
                name="snapshot_interim_without_result_set",
            ),
        ),
        migrations.AlterModelOptions(
            name="agencyresult",
            options={
                "ordering": ["result_set", "dimension__order", "rank", "agency_name"],
                "verbose_name": "agency result",
                "verbose_name_plural": "agency results",
            },
        ),
        migrations.RunPython(keep_standing, migrations.RunPython.noop),
    ]
