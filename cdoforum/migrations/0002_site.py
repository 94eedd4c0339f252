"""The pages that every forum has (home, community, events), and the groups with just the rights they need."""

from django.db import migrations

EDITORS_MAY = {
    # app label, model: what editors may do with it
    ("wagtailimages", "image"): ["add", "change", "choose"],
    ("wagtaildocs", "document"): ["add", "change", "choose"],
}


def make_pages(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")

    locale = Locale.objects.first() or Locale.objects.create(language_code="en-gb")
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()  # Wagtail's "Welcome to your new site"

    def make(app_label, model_name, path, title, slug, numchild, url_path, **fields):
        Model = apps.get_model(app_label, model_name)
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model_name.lower())
        return Model.objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            content_type=content_type,
            path=path,
            depth=len(path) // 4,
            numchild=numchild,
            url_path=url_path,
            locale=locale,
            **fields,
        )

    home = make("cdoforum", "HomePage", "00010001", "CDO Forum", "home", 2, "/home/")
    make(
        "community",
        "CommunityPage",
        "000100010001",
        "Community",
        "community",
        0,
        "/home/community/",
        show_in_menus=True,
    )
    make("events", "EventIndexPage", "000100010002", "Events", "events", 0, "/home/events/", show_in_menus=True)
    Page.objects.filter(path="0001").update(numchild=1)
    Site.objects.create(hostname="localhost", root_page_id=home.pk, is_default_site=True, site_name="CDO Forum")


def make_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Collection = apps.get_model("wagtailcore", "Collection")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    Page = apps.get_model("wagtailcore", "Page")

    def permission(app_label, model, codename, name):
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        found, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        return found

    access_admin = permission("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()  # Wagtail's own, which may do other things
    editors = Group.objects.create(name="Editors")
    moderators = Group.objects.create(name="Moderators")
    editors.permissions.add(
        access_admin, permission("cdoforum", "sitesettings", "change_sitesettings", "Can change site settings")
    )
    moderators.permissions.add(access_admin)  # their queues ask for the group itself: members/cms/permissions.py

    home = Page.objects.get(path="00010001")
    for codename in ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"]:
        GroupPagePermission.objects.create(
            group=editors,
            page=home,
            permission=permission("wagtailcore", "page", codename, f"Can {codename.replace('_', ' ')}"),
        )
    root = Collection.objects.filter(depth=1).first()
    for (app_label, model), verbs in EDITORS_MAY.items():
        for verb in verbs:
            GroupCollectionPermission.objects.create(
                group=editors,
                collection=root,
                permission=permission(app_label, model, f"{verb}_{model}", f"Can {verb} {model}"),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("cdoforum", "0001_initial"),
        ("community", "0001_initial"),
        ("events", "0001_initial"),
        ("members", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]
    operations = [
        migrations.RunPython(make_pages, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
