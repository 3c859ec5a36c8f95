import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import guidance.casework.names
import opinovi.alphabet
import opinovi.operations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('casework', '0001_initial'),
        ('casework', '0002_attendance_of_the_appointment'),
    ]

    dependencies = [
        ('booking', '0001_first_release'),
        ('catalogue', '0001_first_release'),
        ('network', '0001_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_first_release'),
    ]

    operations = [
        opinovi.operations.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Client',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('nonce', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='network.organisation', verbose_name='organisation')),
                        ('kind', models.CharField(choices=[('person', 'person'), ('company', 'company')], default='person', max_length=10, verbose_name='kind')),
                        ('name', models.CharField(max_length=150, verbose_name='name')),
                        ('found_as', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(guidance.casework.names.FoundAs('name')), output_field=models.TextField())),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                        ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                        ('home_municipality', models.ForeignKey(blank=True, limit_choices_to={'kind': 'municipality'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='network.area', verbose_name='home municipality')),
                        ('language', models.CharField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English')], default='fi', max_length=2, verbose_name='language')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='first recorded')),
                    ],
                    options={
                        'verbose_name': 'client',
                        'verbose_name_plural': 'clients',
                        'ordering': ['name', 'pk'],
                        'indexes': [models.Index(models.F('organisation'), opinovi.alphabet.SortKey('name'), models.F('id'), name='client_organisation_name'), django.contrib.postgres.indexes.GinIndex(fields=['found_as'], name='client_name_part', opclasses=['gin_trgm_ops'])],
                        'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='client_has_a_name', violation_error_message="Give the client's name.")],
                    },
                ),
                migrations.CreateModel(
                    name='GuidanceSession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('nonce', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='network.organisation', verbose_name='organisation')),
                        ('counsellor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='counsellor')),
                        ('client', models.ForeignKey(blank=True, help_text='Empty when the person gave no name.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='casework.client', verbose_name='client')),
                        ('appointment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='session', to='booking.appointment', verbose_name='appointment')),
                        ('guidance_service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='catalogue.guidanceservice', verbose_name='guidance service')),
                        ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='projects.project', verbose_name='project')),
                        ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='catalogue.channel', verbose_name='channel')),
                        ('service_point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='network.servicepoint', verbose_name='service point')),
                        ('held_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='day')),
                        ('minutes', models.PositiveSmallIntegerField(default=45, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)], verbose_name='length, minutes')),
                        ('language', models.CharField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English'), ('se', 'Northern Sámi'), ('ru', 'Russian'), ('uk', 'Ukrainian'), ('ar', 'Arabic'), ('et', 'Estonian'), ('so', 'Somali')], default='fi', max_length=2, verbose_name='language of the meeting')),
                        ('municipality', models.ForeignKey(blank=True, limit_choices_to={'kind': 'municipality'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='network.area', verbose_name="person's municipality")),
                        ('notes', models.TextField(blank=True, max_length=10000, verbose_name='notes')),
                        ('next_step', models.CharField(blank=True, max_length=300, verbose_name='next step')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='logged')),
                        ('target_groups', models.ManyToManyField(blank=True, related_name='sessions', to='projects.targetgroup', verbose_name='target groups')),
                        ('topics', models.ManyToManyField(blank=True, related_name='sessions', to='catalogue.guidancetopic', verbose_name='topics')),
                    ],
                    options={
                        'verbose_name': 'guidance session',
                        'verbose_name_plural': 'guidance sessions',
                        'ordering': ['-held_on', '-pk'],
                        'indexes': [models.Index(fields=['organisation', '-held_on'], name='session_organisation_day'), models.Index(fields=['counsellor', '-held_on'], name='session_counsellor_day'), models.Index(fields=['client', '-held_on'], name='session_client_day')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 600)), name='session_minutes', violation_error_message='A session lasts from 1 minute to 10 hours.')],
                    },
                ),
            ],
        ),
    ]
