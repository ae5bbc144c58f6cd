"""Downloads of stored files: as attachments, to people who may see the row that the file belongs to.

MEDIA_URL is served by nobody.
"""

import mimetypes

from django.db import models
from django.http import FileResponse, Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from evaluation.enums import FileEventKind
from evaluation.process.files import events, keeping
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
        """The file of one field of one row, for people who may see the row; 404 for everybody else.

        It goes out only when it is what was uploaded; else a page says what is wrong with it, and staff are told.
        """
        obj = self.visible_row(request, object_id)
        file = getattr(obj, field) if field in file_fields(self.model) else None
        if not file or not self.may_read_file(request, obj, field):
            raise Http404
        try:
            handle = keeping.opened(file)
        except keeping.FileFault as fault:
            return self.faulty_file(request, obj, fault)
        response = attachment(handle, file.shown_name)
        events.downloaded(file, by=request.user)
        response.is_logged = True
        return response

    def faulty_file(self, request, obj, fault):
        """The page for a file that was changed (409) or is missing (404)."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": FileEventKind(fault.kind).label,
            "sentence": str(fault),
        }
        status = 409 if fault.kind == FileEventKind.CHANGED else 404
        return TemplateResponse(request, "admin/evaluation/system/faulty_file.html", context, status=status)

    def may_read_file(self, request, obj, field):
        return True


def file_fields(model):
    return [field.name for field in model._meta.fields if isinstance(field, models.FileField)]


def attachment(handle, name):
    """An open file as a download under this name, sent in pieces."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(handle, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_column(field, description=None):
    """A list column with a link to the file of a row; stands in `list_display` or as a method of the admin."""

    @column(description or _("file"))
    def show(*args):
        return file_link(getattr(args[-1], field)) or EMPTY

    show.__name__ = f"{field}_link"
    return show
