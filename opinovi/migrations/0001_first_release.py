import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import opinovi.operations
import pgtrigger.compiler
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.core.management import call_command
from django.db import migrations, models


def make_cache_table(apps, schema_editor):
    """The cache that all workers share, such as the count of sign-in attempts."""
    call_command("createcachetable", verbosity=0)


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('opinovi', '0001_initial'),
        ('opinovi', '0002_access_log_is_append_only'),
        ('opinovi', '0003_remove_user_is_staff'),
        ('opinovi', '0004_user_email_in_lower_case'),
        ('opinovi', '0005_letter_headers'),
        ('opinovi', '0006_search'),
        ('opinovi', '0007_letter_by_other_media'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
        opinovi.operations.CreateModels(
            models=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('email', models.EmailField(error_messages={'unique': 'Someone already has an account with this e-mail address.'}, max_length=254, unique=True, verbose_name='e-mail address')),
                        ('name', models.CharField(max_length=150, verbose_name='name')),
                        ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                        ('language', models.CharField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English')], default='fi', max_length=2, verbose_name='language')),
                        ('is_active', models.BooleanField(default=True, help_text='Take this away instead of deleting the account.', verbose_name='active')),
                        ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='joined')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'person at work',
                        'verbose_name_plural': 'people at work',
                        'ordering': ['name', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_in_lower_case', violation_error_message='Write the e-mail address in small letters.')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='when')),
                        ('user', models.ForeignKey(help_text='Empty when the person used their own private link.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='access_events', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                        ('action', models.CharField(choices=[('read', 'read'), ('change', 'changed')], max_length=10, verbose_name='what')),
                        ('page', models.CharField(max_length=100, verbose_name='page')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                        ('subject_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_events', to='contenttypes.contenttype')),
                        ('subject_id', models.PositiveBigIntegerField()),
                    ],
                    options={
                        'verbose_name': 'access event',
                        'verbose_name_plural': 'access events',
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['subject_type', 'subject_id', '-at'], name='access_about')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fb6a93eea2f1c9e4685ebb1715fa921d138fc8e7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a05cd', table='opinovi_accessevent', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='Letter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(help_text='What the letter is for; nothing has it twice.', max_length=200, unique=True, verbose_name='key')),
                        ('kind', models.CharField(max_length=60, verbose_name='kind')),
                        ('medium', models.CharField(choices=[('email', 'e-mail'), ('sms', 'text message')], default='email', max_length=5, verbose_name='medium')),
                        ('recipient', models.CharField(help_text='An e-mail address, or a phone number like +358401234567.', max_length=254, verbose_name='recipient')),
                        ('language', models.CharField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English')], max_length=2, verbose_name='language')),
                        ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                        ('text', models.TextField(blank=True, verbose_name='text')),
                        ('html', models.TextField(blank=True, verbose_name='HTML')),
                        ('calendar', models.TextField(blank=True, verbose_name='calendar part')),
                        ('headers', models.JSONField(blank=True, default=dict, help_text='Names and values, as in an e-mail.', verbose_name='further headers')),
                        ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='due')),
                        ('not_after', models.DateTimeField(blank=True, help_text='A letter that has not left by then does not leave.', null=True, verbose_name='not after')),
                        ('first_hour', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='first hour of the day (local)')),
                        ('last_hour', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hour of the day it ends (local)')),
                        ('state', models.CharField(choices=[('queued', 'waiting to be sent'), ('sent', 'sent'), ('failed', 'could not be sent'), ('cancelled', 'cancelled')], default='queued', max_length=10, verbose_name='state')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('error', models.CharField(blank=True, max_length=300, verbose_name='what went wrong')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                        ('subject_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='contenttypes.contenttype')),
                        ('subject_id', models.PositiveBigIntegerField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'letter',
                        'verbose_name_plural': 'letters',
                        'ordering': ['-created_at', '-pk'],
                        'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['due_at'], name='letter_queue'), models.Index(fields=['subject_type', 'subject_id'], name='letter_about'), models.Index(fields=['-created_at', '-id'], name='letter_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='letter_sent_has_its_moment', violation_error_message='A sent letter has the moment it left, and no other has.'), models.CheckConstraint(condition=models.Q(models.Q(('first_hour__isnull', True), ('last_hour__isnull', True)), models.Q(('first_hour__isnull', False), ('first_hour__lt', models.F('last_hour')), ('last_hour__isnull', False), ('last_hour__lte', 24)), _connector='OR'), name='letter_hours_follow_each_other', violation_error_message='A letter leaves between two hours of one day, or at any.')],
                    },
                ),
                migrations.CreateModel(
                    name='VocabularyWord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('word', models.CharField(max_length=60)),
                        ('language', models.CharField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English')], max_length=2)),
                        ('folded', models.CharField(help_text='The word without the dots of å, ä and ö.', max_length=60)),
                        ('number', models.PositiveIntegerField(default=1)),
                        ('is_name', models.BooleanField(default=False, help_text='A word of a name: fit to be suggested.')),
                    ],
                    options={
                        'verbose_name': 'word of the search',
                        'verbose_name_plural': 'words of the search',
                        'ordering': ['word', 'language'],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['folded'], name='vocabulary_word_like', opclasses=['gin_trgm_ops']), models.Index(fields=['word'], name='vocabulary_word_begins', opclasses=['varchar_pattern_ops'])],
                        'constraints': [models.UniqueConstraint(fields=('word', 'language'), name='vocabulary_word_once')],
                    },
                ),
                migrations.CreateModel(
                    name='IndexMark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('table', models.CharField(max_length=63, unique=True)),
                        ('analyser', models.CharField(max_length=200)),
                        ('rows', models.PositiveIntegerField()),
                        ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        'verbose_name': 'state of the search index',
                        'verbose_name_plural': 'states of the search index',
                        'ordering': ['table'],
                    },
                ),
                migrations.CreateModel(
                    name='UnansweredSearch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('nothing', 'nothing was found'), ('no_time', 'there was no free time')], max_length=10, verbose_name='what was missing')),
                        ('words', models.CharField(max_length=100, verbose_name='words')),
                        ('place', models.CharField(blank=True, max_length=120, verbose_name='place')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                        ('week', models.PositiveSmallIntegerField(verbose_name='week')),
                        ('number', models.PositiveIntegerField(default=1, verbose_name='times')),
                    ],
                    options={
                        'verbose_name': 'search without an answer',
                        'verbose_name_plural': 'searches without an answer',
                        'ordering': ['-year', '-week', '-number', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('year', 'week', 'kind', 'words', 'place'), name='unanswered_search_once_a_week'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('week__gte', 1), ('week__lte', 53)), name='unanswered_search_week', violation_error_message='A year has weeks from 1 to 53, and a search happens at least once.')],
                    },
                ),
            ],
        ),
    ]
