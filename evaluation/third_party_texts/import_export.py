"""Texts of django-import-export that its own Persian catalogue lacks."""

from django.utils.translation import gettext_noop as _

TEXTS = (
    _("Import finished: {} new, {} updated, {} deleted and {} skipped {}."),
    _("No valid data to import. Ensure your file has the correct headers or data for import."),
    _("export failed due to IllegalCharacterError"),
    _("This exporter will export the following fields: "),
    _("Select all"),
    _("use_natural_foreign_keys and key_is_id cannot both be True"),
)
