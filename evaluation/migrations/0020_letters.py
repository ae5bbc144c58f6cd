"""Letters to agencies and their headquarters, made before they are sent, with texts that staff edit."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import evaluation.models.base
from django.conf import settings
from django.db import migrations, models


def made_when_sent(apps, schema_editor):
    """Letters of before were made and sent in one step."""
    letters = apps.get_model("evaluation", "letter").objects
    letters.update(made_at=models.F("sent_at"), made_by=models.F("sent_by"))


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0019_report_cards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('council', 'Results to the council'), ('initial', 'Initial results'), ('decision', 'Decision on objections'), ('level', 'Final results and level'), ('thanks', 'Thanks'), ('warning', 'Warning')], max_length=30, verbose_name='kind')),
                ('subject', evaluation.models.base.PersianCharField(db_collation='persian', max_length=200, verbose_name='subject')),
                ('body', evaluation.models.base.PersianTextField(blank=True, verbose_name='text')),
                ('signer', evaluation.models.base.PersianCharField(db_collation='persian', max_length=200, verbose_name='post of the signer')),
                ('announcement', evaluation.models.base.PersianTextField(blank=True, help_text='Only for letters that are written after the announcement; if empty, the letter offers none.', verbose_name='text that the agency may publish')),
            ],
            options={
                'verbose_name': 'text of letters',
                'verbose_name_plural': 'texts of letters',
                'ordering': ['pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='letter',
            options={'ordering': ['-made_at', '-pk'], 'permissions': [('make_letter', 'Can make letters to agencies'), ('send_letter', 'Can send letters to agencies'), ('receive_letter', 'Can record the receipt of a letter')], 'verbose_name': 'letter', 'verbose_name_plural': 'letters'},
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='letter_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='letter_number_once_in_cycle',
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='letter_received_by_somebody',
        ),
        migrations.AddField(
            model_name='letter',
            name='addressee',
            field=models.CharField(choices=[('manager', 'MPO manager'), ('expert', 'MPO expert'), ('evaluator', 'Evaluator'), ('steward', 'Indicator steward'), ('agency', 'Agency reporter'), ('headquarters', 'Agency headquarters'), ('national', 'National organization'), ('council', 'Council secretary'), ('observer', 'Oversight body')], default='council', max_length=30, verbose_name='addressed to'),
        ),
        migrations.AddField(
            model_name='letter',
            name='content',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='content'),
        ),
        migrations.AddField(
            model_name='letter',
            name='edition',
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='edition'),
        ),
        migrations.AddField(
            model_name='letter',
            name='made_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made at'),
        ),
        migrations.AddField(
            model_name='letter',
            name='made_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by'),
        ),
        migrations.AddField(
            model_name='letter',
            name='participation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='evaluation.participation', verbose_name='agency in the cycle'),
        ),
        migrations.AddField(
            model_name='letter',
            name='superseded_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='superseded at'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='kind',
            field=models.CharField(choices=[('council', 'Results to the council'), ('initial', 'Initial results'), ('decision', 'Decision on objections'), ('level', 'Final results and level'), ('thanks', 'Thanks'), ('warning', 'Warning')], max_length=30, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='result_set',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='evaluation.resultset', verbose_name='result set'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='sent_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='sent at'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='sent_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['council', 'initial', 'decision', 'level', 'thanks', 'warning'])), name='letter_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('cycle', 'number'), name='letter_number_once_in_cycle', violation_error_message='A letter of this cycle has this number already.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('participation__isnull', False), ('superseded_at', None)), fields=('participation', 'kind', 'addressee'), name='letter_stands_once_for_its_addressee'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('addressee', 'council'), ('participation', None)), models.Q(('addressee__in', ['agency', 'headquarters']), ('participation__isnull', False)), _connector='OR'), name='letter_addressee_fits'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at', None), ('sent_by', None)), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False)), _connector='OR'), name='letter_sent_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('received_at', None), models.Q(('received_by__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='letter_received_by_somebody'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='province',
            field=models.ForeignKey(blank=True, help_text='Where no province is named, the row is shared by all provinces.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.province', verbose_name='province'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['initial', 'decision', 'level', 'thanks', 'warning'])), name='lettertemplate_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.CheckConstraint(condition=models.Q(('announcement', ''), ('kind__in', ['level', 'thanks', 'warning']), _connector='OR'), name='lettertemplate_announces_final_figures', violation_error_message='Before the announcement agencies publish nothing: leave the text for publication empty.'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('province', 0), models.F('kind'), name='lettertemplate_kind_once', violation_error_message='There is such a row already.'),
        ),
        migrations.RunPython(made_when_sent, migrations.RunPython.noop),
    ]
