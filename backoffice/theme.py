"""The look of the admin: Unfold's dictionary. What Unfold cannot express is in templates/ and static/evaluation/."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def asset(path):
    """A function that gives the address of our static file; Unfold calls it with the request."""
    return lambda request: static(f"evaluation/{path}")


# Petrol blue. 600 carries white text and is the link colour on white; 500 is the link colour on the dark ground.
PRIMARY = {
    "50": "oklch(97.6% .012 225)",
    "100": "oklch(94.4% .026 225)",
    "200": "oklch(89% .05 225)",
    "300": "oklch(81.5% .08 226)",
    "400": "oklch(76% .1 227)",
    "500": "oklch(71% .11 228)",
    "600": "oklch(45.5% .085 229)",
    "700": "oklch(39.5% .075 229)",
    "800": "oklch(34% .062 229)",
    "900": "oklch(29.5% .05 229)",
    "950": "oklch(22% .038 229)",
}

UNFOLD = {
    "SITE_TITLE": _("Annual performance evaluation"),
    "SITE_HEADER": _("Performance evaluation"),
    "SITE_SUBHEADER": _("Executive agencies of the province"),
    "SITE_SYMBOL": "monitoring",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": asset("icons/favicon.svg")}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": False,  # ours is in the header, one click away
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "STYLES": [asset(f"css/{name}.css") for name in ("fonts", "backoffice", "pages", "search", "print")],
    "SCRIPTS": [asset(f"js/{name}.js") for name in ("backoffice", "drafts", "session", "sending", "jalali", "search")],
    "ENVIRONMENT_TITLE_PREFIX": "backoffice.language.title_mark",
    "COLORS": {
        "primary": PRIMARY,
        "font": {
            "subtle-light": "oklch(48% .028 260)",
            "subtle-dark": "oklch(75% .02 260)",
            "default-light": "oklch(39% .03 257)",
            "default-dark": "oklch(88% .01 258)",
            "important-light": "var(--color-base-900)",
            "important-dark": "var(--color-base-100)",
        },
    },
    "COMMAND": {
        "search_models": False,
        "show_history": False,
        "search_callback": "evaluation.admin.search.results_for",
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "evaluation.admin.menu.sidebar.sidebar",
    },
}
