"""The newest rows of a list, the first and last moment that its filter names, and the indicators that an agency does not
fill itself, without reading the table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0033_plans_uncompressed'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='circularreceipt',
            index=models.Index(fields=['read_at'], name='circularreceipt_time'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['-at', '-id'], name='commitment_time'),
        ),
        migrations.AddIndex(
            model_name='feedvalue',
            index=models.Index(fields=['observed_at'], name='feedvalue_time'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['-filed_at', '-id'], name='objection_time'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['-prepared_at', '-id'], name='transfer_time'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['-date', '-id'], name='visit_time'),
        ),
        migrations.AddIndex(
            model_name='indicator',
            index=models.Index(
                condition=models.Q(('scorer', 'evaluator'), _negated=True), fields=['cycle'], name='indicator_of_others'
            ),
        ),
    ]
