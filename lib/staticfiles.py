"""Static files of production: compressed, with a hash of their content in their names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    # Our scripts are ES modules that import each other: the hash belongs into the import, too. Only into ours, since
    # django-htmx has scripts that name what is not there.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
