"""The next year's cycle, rules that name top and weak agencies, and agencies ranked only in their group."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


def keep_the_unranked(apps, schema_editor):
    """Agencies that were not ranked are ranked among nobody."""
    apps.get_model("evaluation", "Participation").objects.filter(ranked=False).update(ranked_among="nobody")


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0017_persian_sources'),
    ]

    operations = [
        migrations.AddField(
            model_name='cycle',
            name='copied_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='evaluation.cycle', verbose_name='copied from the cycle'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='next_cycle_on',
            field=models.DateField(blank=True, help_text="On this day the draft of the next year's cycle is opened from this one, and the managers are notified. If empty, nothing is opened by itself.", null=True, verbose_name='day on which the next cycle is drafted'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='top_count',
            field=models.PositiveSmallIntegerField(blank=True, help_text='These rules name agencies on the page of comparisons; they change no figure.', null=True, verbose_name='top agencies: the first ranks up to'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='top_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='top agencies: at least this percent of the maximum'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='weak_percent',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='weak agencies: below this percent of the maximum'),
        ),
        migrations.AddField(
            model_name='participation',
            name='ranked_among',
            field=models.CharField(choices=[('all', 'All agencies and its peer group'), ('group', 'Its peer group only'), ('nobody', 'Nobody')], default='all', help_text='Banks, for example, may be compared with each other alone.', max_length=30, verbose_name='ranked among'),
        ),
        migrations.RunPython(keep_the_unranked, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='participation',
            name='ranked',
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('ranked_among__in', ['all', 'group', 'nobody'])), name='participation_ranked_among_known'),
        ),
    ]
