"""The evidence of a year, sorted by its time through the lines of the year, without reading the table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("evaluation", "0035_states_and_letters")]

    operations = [
        migrations.RemoveIndex(model_name="evidence", name="evidence_of_line"),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["line", "uploaded_at", "id"], name="evidence_of_line"),
        ),
        migrations.AlterField(  # the index above begins with it: of two, the narrower one would be taken, and the table read
            model_name="evidence",
            name="line",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="evidence",
                to="evaluation.line",
                verbose_name="line",
            ),
        ),
    ]
