from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": _("Annual performance evaluation"),
    "SITE_HEADER": _("Annual performance evaluation"),
}
