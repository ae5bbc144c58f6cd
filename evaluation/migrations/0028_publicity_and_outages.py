
import django.db.models.deletion
import django.utils.timezone
import evaluation.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0027_workbook_of_nominees'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Publicity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_on', models.DateField(verbose_name='made public on')),
                ('medium', evaluation.models.base.PersianCharField(db_collation='persian', help_text='The newspaper, news agency, site or channel.', max_length=250, verbose_name='where')),
                ('link', models.URLField(blank=True, max_length=400, verbose_name='address')),
                ('text', evaluation.models.base.PersianTextField(blank=True, verbose_name='what was said')),
                ('file', models.FileField(blank=True, upload_to='publicity/%Y/', verbose_name='file')),
                ('verdict', models.CharField(choices=[('as_announced', 'As announced'), ('vague', 'Vague'), ('different', 'Not as announced'), ('too_early', 'Before the announcement')], help_text='Leave it empty for what was made public before the results were announced: it is too early.', max_length=30, verbose_name='judgement')),
                ('reason', evaluation.models.base.PersianTextField(blank=True, verbose_name='reason')),
                ('noted_on', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded at')),
                ('file_name', models.CharField(blank=True, default='', editable=False, max_length=255, verbose_name='file name')),
                ('file_size', models.PositiveBigIntegerField(default=0, editable=False, verbose_name='size in bytes')),
                ('file_sha256', models.CharField(blank=True, default='', editable=False, max_length=64, verbose_name='SHA-256')),
            ],
            options={
                'verbose_name': 'publication by an agency',
                'verbose_name_plural': 'publications by agencies',
                'ordering': ['-published_on', '-pk'],
                'permissions': [('judge_publicity', 'Can judge what an agency made public')],
            },
        ),
        migrations.AlterField(
            model_name='agreementclause',
            name='measure',
            field=models.CharField(blank=True, choices=[('evidence', 'Share of the evidence that came through the system'), ('stage_days', 'Days of the stages against their plan'), ('objections', 'Objections that were answered in time'), ('first_answer', 'Time to the first answer of the service desk'), ('downtime', 'Downtime of the system in the last year'), ('commitments', 'Agencies that have accepted the commitments'), ('on_behalf', 'Entries made on behalf of agencies'), ('publicity', 'Publications of agencies that say what was announced')], default='', max_length=30, verbose_name='measured by'),
        ),
        migrations.AlterField(
            model_name='outage',
            name='part',
            field=models.CharField(choices=[('pages', 'Pages'), ('cache', 'Cache'), ('store', 'Store of files'), ('standstill', 'Standstill of the background service')], max_length=30, verbose_name='part'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['pages', 'cache', 'store', 'standstill'])), name='outage_part_known'),
        ),
        migrations.AddField(
            model_name='publicity',
            name='noted_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by'),
        ),
        migrations.AddField(
            model_name='publicity',
            name='participation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publicity', to='evaluation.participation', verbose_name='executive agency'),
        ),
        migrations.AddField(
            model_name='publicity',
            name='result',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publicity', to='evaluation.agencyresult', verbose_name='announced result'),
        ),
        migrations.AddConstraint(
            model_name='publicity',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['as_announced', 'vague', 'different', 'too_early'])), name='publicity_verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='publicity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('file', ''), _negated=True), _connector='OR'), name='publicity_has_words', violation_error_message='Write what was said, or attach it as a file.'),
        ),
        migrations.AddConstraint(
            model_name='publicity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('result', None), ('verdict', 'too_early')), models.Q(models.Q(('verdict', 'too_early'), _negated=True), ('result__isnull', False)), _connector='OR'), name='publicity_read_against_result'),
        ),
        migrations.AddConstraint(
            model_name='publicity',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['as_announced', 'too_early']), models.Q(('reason', ''), _negated=True), _connector='OR'), name='publicity_objection_has_reason', violation_error_message='Say in the reason what is found, and by which words.'),
        ),
    ]
