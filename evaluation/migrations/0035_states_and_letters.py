"""Rows that wait in a state, and transfers by the number of their letter, without reading the table."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import evaluation.models.search_key
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0034_time_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='transfer',
            name='search_key',
            field=models.GeneratedField(db_persist=True, expression=evaluation.models.search_key.SearchKey(django.db.models.functions.comparison.Cast(models.F('letter_number'), models.TextField())), output_field=models.TextField()),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['state'], name='objection_state'),
        ),
        migrations.AddIndex(
            model_name='specificlist',
            index=models.Index(fields=['state'], name='specificlist_state'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['state', 'direction'], name='transfer_state'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_key'], name='transfer_search', opclasses=['gin_trgm_ops']),
        ),
    ]
