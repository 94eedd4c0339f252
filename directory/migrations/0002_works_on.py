from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What an officer works on is called so; `about` is what a notification is about."""

    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("officerlisting", "officer_listing_about"),
        migrations.RenameField("officerlisting", "about", "works_on"),
        migrations.AddConstraint(
            "officerlisting",
            models.CheckConstraint(name="officer_listing_works_on", condition=~Q(works_on="")),
        ),
    ]
