"""Give the numbers of the cabinet's decrees their sign «هـ» again, which storing used to shorten to «ه»."""

import re

from django.db import migrations

SHORTENED = re.compile(r"(?<=\d)(\s?)ه$")
SIGN = r"\1هـ"


def restore(apps, schema_editor):
    """`44642/ت27701ه` becomes `44642/ت27701هـ`, unless that row exists already."""
    references = apps.get_model("evaluation", "LegalReference")
    for row in references.objects.filter(number__endswith="ه"):
        number = SHORTENED.sub(SIGN, row.number)
        same = references.objects.filter(number=number, date=row.date, province_id=row.province_id)
        if number != row.number and not same.exists():
            references.objects.filter(pk=row.pk).update(number=number)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_plan_of_import")]

    operations = [migrations.RunPython(restore, migrations.RunPython.noop)]
