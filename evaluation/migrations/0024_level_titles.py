"""The titles of levels as they were announced."""

import json

import evaluation.models.base
from django.db import migrations


def name_announced_levels(apps, schema_editor):
    """Rows of announced results take the titles that their latest announcement kept."""
    rows = apps.get_model("evaluation", "agencyresult").objects
    kept = apps.get_model("evaluation", "snapshot").objects.filter(part="announcement").order_by("number")
    for snapshot in kept:  # of a result set the latest comes last
        for level in json.loads(snapshot.content)["levels"]:
            own = rows.filter(
                result_set=snapshot.result_set_id, participation=level["participation"], dimension=level["dimension"]
            )
            own.exclude(level=None).update(level_title=level["title"])


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0023_festival'),
    ]

    operations = [
        migrations.AddField(
            model_name='agencyresult',
            name='level_title',
            field=evaluation.models.base.PersianCharField(blank=True, db_collation='persian', editable=False, max_length=60, verbose_name='level as announced'),
        ),
        migrations.RunPython(name_announced_levels, migrations.RunPython.noop),
    ]
