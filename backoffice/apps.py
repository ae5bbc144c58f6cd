from django.contrib.admin.apps import AdminConfig

from backoffice import columns, templates


class BackofficeAdminConfig(AdminConfig):
    """The admin with our site as the default one: every `admin.register`, ours and the packages', lands in it."""

    default_site = "backoffice.site.BackofficeAdminSite"

    def ready(self):
        super().ready()
        columns.install()
        templates.install()
