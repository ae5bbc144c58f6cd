"""Selects that look up the rows that are chosen in them."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from .addresses import is_key
from .choices import LookupInRows


class KeysAloneMixin:
    """For a select of the admin that asks for its chosen rows. Needs `optgroups()`; adds that what cannot be the key of
    a row, as a forged form may send it, is not asked for: the field says that it is no choice.
    """

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if not key or is_key(str(key))], attr)


class LookupSelect(KeysAloneMixin, AutocompleteSelect):
    pass


class LookupSelectMultiple(KeysAloneMixin, AutocompleteSelectMultiple):
    pass


class LookupInTable(KeysAloneMixin, LookupInRows):
    pass
