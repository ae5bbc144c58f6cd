"""Files get columns for their own name, size and SHA-256, filled from what is stored; the log of files."""

import hashlib
from pathlib import PurePosixPath

import django.db.models.deletion
import django.utils.timezone
import evaluation.models.base
from django.conf import settings
from django.db import migrations, models

STORED = (  # (model, field, columns of name, size and SHA-256)
    ("assessment", "report_file", "report_file_name", "report_file_size", "report_sha256"),
    ("circular", "file", "file_name", "file_size", "file_sha256"),
    ("circularfile", "file", "file_name", "file_size", "file_sha256"),
    ("committeesession", "minutes", "minutes_name", "minutes_size", "minutes_sha256"),
    ("cyclestep", "file", "file_name", "file_size", "file_sha256"),
    ("evidence", "file", "file_name", "size", "sha256"),
    ("hearing", "minutes_file", "minutes_file_name", "minutes_file_size", "minutes_file_sha256"),
    ("objection", "file", "file_name", "file_size", "file_sha256"),
    ("objectionversion", "file", "file_name", "file_size", "file_sha256"),
    ("onbehalf", "file", "file_name", "file_size", "file_sha256"),
    ("publication", "file", "file_name", "file_size", "sha256"),
    ("transfer", "package", "package_name", "package_size", "sha256"),
    ("visitfile", "file", "file_name", "file_size", "sha256"),
    ("workshop", "file", "file_name", "file_size", "file_sha256"),
    ("workshop", "material", "material_name", "material_size", "material_sha256"),
)


def fill(apps, schema_editor):
    """The name as it is on the disk, and size and hash of what lies there; a hash that is known stays.

    A file that is missing keeps size 0 and no hash: the nightly check tells of it.
    """
    for name, field, shown, size, sha256 in STORED:
        model = apps.get_model("evaluation", name)
        for row in model._base_manager.exclude(**{field: ""}).only("pk", field, shown, size, sha256).iterator(200):
            file, columns = getattr(row, field), {shown: PurePosixPath(getattr(row, field).name).name}
            if not getattr(row, size) or not getattr(row, sha256):
                measured = measure(file)
                columns |= {
                    column: value for column, value in zip((size, sha256), measured) if not getattr(row, column)
                }
            model._base_manager.filter(pk=row.pk).update(**columns)


def measure(file):
    """(size, SHA-256) of a stored file; (0, "") where it is missing."""
    found, length = hashlib.sha256(), 0
    try:
        with file.open("rb") as opened:
            for piece in iter(lambda: opened.read(2**16), b""):
                found.update(piece)
                length += len(piece)
    except FileNotFoundError:
        return 0, ""
    return length, found.hexdigest()


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0006_bring_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="report_file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="report_file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="circular",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="circular",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="circular",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="circularfile",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="circularfile",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="circularfile",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="committeesession",
            name="minutes_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="committeesession",
            name="minutes_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="committeesession",
            name="minutes_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="cyclestep",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="cyclestep",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="cyclestep",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="minutes_file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="minutes_file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="hearing",
            name="minutes_file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="objection",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="objection",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="objection",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="objectionversion",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="objectionversion",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="objectionversion",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="onbehalf",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="onbehalf",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="onbehalf",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="publication",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="publication",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="package_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="package_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="visitfile",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="visitfile",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="file_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="file_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="file_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="material_name",
            field=models.CharField(blank=True, default="", editable=False, max_length=255, verbose_name="file name"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="material_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="material_size",
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name="size in bytes"),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="file_name",
            field=models.CharField(max_length=255, verbose_name="file name"),
        ),
        migrations.CreateModel(
            name="FileEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("downloaded", "downloaded"),
                            ("exported", "exported"),
                            ("infected", "put into quarantine"),
                            ("changed", "found changed"),
                            ("missing", "not found"),
                        ],
                        max_length=30,
                        verbose_name="event",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("name", models.CharField(max_length=255, verbose_name="file name")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="size in bytes")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="The table, row and field of a stored file, or an address.",
                        max_length=250,
                        verbose_name="where it belongs",
                    ),
                ),
                ("note", evaluation.models.base.PersianTextField(blank=True, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.cycle",
                        verbose_name="cycle",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a file",
                "verbose_name_plural": "log of files",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["cycle", "-at"], name="fileevent_cycle"),
                    models.Index(fields=["source", "kind"], name="fileevent_source"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["downloaded", "exported", "infected", "changed", "missing"])),
                        name="fileevent_kind_known",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
