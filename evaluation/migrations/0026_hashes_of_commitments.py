"""The sum of each text that was accepted, by which a changed text is known."""

import hashlib

from django.db import migrations


def write_hashes(apps, schema_editor):
    rows = apps.get_model("evaluation", "Commitment").objects.filter(text_hash="")
    for key, text in rows.values_list("pk", "text"):
        rows.filter(pk=key).update(text_hash=hashlib.sha256(text.encode()).hexdigest())


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0025_service_desk")]

    operations = [migrations.RunPython(write_hashes, migrations.RunPython.noop)]
