"""A plan is a megabyte of text that lives from the trial run to the confirmation: PostgreSQL took longer to compress it
than to store it.
"""

from django.db import migrations

STORAGE = "ALTER TABLE evaluation_importrun ALTER COLUMN plan SET STORAGE {}"


def store(kind):
    def work(_apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(STORAGE.format(kind))

    return work


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0032_indicator_for_lines")]

    operations = [migrations.RunPython(store("EXTERNAL"), store("EXTENDED"), elidable=False)]
