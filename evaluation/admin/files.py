"""Downloads of stored files: as attachments, to people who may see the row that the file belongs to.

MEDIA_URL is served by nobody.
"""

import mimetypes
from pathlib import PurePosixPath

from django.db import models
from django.http import FileResponse, Http404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from evaluation.templatetags.files import file_link

from .display import EMPTY, column


class FilesMixin:
    """Adds `<pk>/file/<field>/`, named `evaluation_<model>_file`.

    Needs `visible_row()`; a class that hands out less than its rows overrides `may_read_file()`.
    """

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_file"
        address = "<path:object_id>/file/<slug:field>/"
        return [path(address, self.admin_site.admin_view(self.file_view), name=name), *super().get_urls()]

    def file_view(self, request, object_id, field):
        """The file of one field of one row, for people who may see the row; 404 for everybody else."""
        obj = self.visible_row(request, object_id)
        if field not in file_fields(self.model) or not self.may_read_file(request, obj, field):
            raise Http404
        return attachment(getattr(obj, field))

    def may_read_file(self, request, obj, field):
        return True


def file_fields(model):
    return [field.name for field in model._meta.fields if isinstance(field, models.FileField)]


def attachment(file, name=None):
    """A stored file as a download; 404 when there is none."""
    if not file:
        raise Http404
    name = name or PurePosixPath(file.name).name
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_column(field, description=None):
    """A list column with a link to the file of a row; stands in `list_display` or as a method of the admin."""

    @column(description or _("file"))
    def show(*args):
        return file_link(getattr(args[-1], field)) or EMPTY

    show.__name__ = f"{field}_link"
    return show
