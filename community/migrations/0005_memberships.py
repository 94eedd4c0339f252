"""Who belongs to a space becomes a row of our own, outside the page and its revisions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def keep_invitations(apps, schema_editor):
    invitations = apps.get_model("community", "SpaceInvitation").objects.all()
    membership = apps.get_model("community", "SpaceMembership")
    rows = invitations.values_list("space", "member", "space__first_published_at")
    membership.objects.bulk_create(
        membership(space_id=space, member_id=member, since=published_at or timezone.now())
        for space, member, published_at in rows
    )


class Migration(migrations.Migration):
    dependencies = [("community", "0004_search_tags"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="SpaceMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "Member"), ("organiser", "Organiser")], default="member", max_length=20
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="space_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "space",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="community.spacepage",
                    ),
                ),
            ],
            options={
                "ordering": ["-role", "since", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("space", "member"), name="space_membership_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["member", "organiser"])), name="space_membership_role"
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_invitations, migrations.RunPython.noop),
        migrations.DeleteModel(name="SpaceInvitation"),
    ]
