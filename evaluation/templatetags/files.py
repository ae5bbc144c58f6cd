"""Links to stored files: to the page that asks for rights, never to the storage."""

from django import template
from django.utils.html import format_html

from backoffice.row_addresses import row_address

register = template.Library()


@register.simple_tag
def file_url(file):
    """The address at which the admin hands out a model's file; empty without a file.

    Raises NoReverseMatch for a model that no admin hands out: its files could be opened by nobody.
    """
    instance = getattr(file, "instance", None)
    if not file or instance is None or instance.pk is None:
        return ""
    meta = instance._meta
    return row_address(f"admin:{meta.app_label}_{meta.model_name}_file", instance.pk, file.field.name)


@register.simple_tag
def file_link(file):
    """A link with the file's name; the name alone while the row is not saved; empty without a file."""
    if not file:
        return ""
    name = file.shown_name
    url = file_url(file)
    if not url:
        return format_html('<bdi class="latin" dir="ltr">{}</bdi>', name)
    return format_html('<a class="ev-link" href="{}"><bdi class="latin" dir="ltr">{}</bdi></a>', url, name)


@register.simple_tag
def shown_file(readonly_field):
    """The link of a file field that a form shows read-only."""
    name, instance = readonly_field.field["field"], readonly_field.form.instance
    return file_link(getattr(instance, name, None)) or "—"
