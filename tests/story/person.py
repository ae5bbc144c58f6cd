"""Somebody at a browser: opens pages, follows links by their words, fills forms, and reads what the page answers."""

import hashlib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import reverse
from django.utils import translation

from evaluation.enums import TransferDirection
from evaluation.models import ImportRun, Transfer
from evaluation.persian import localise_digits
from tests.resources.sheets import sheet
from tests.strict import StrictClient

from .page import Page


def address(name, *args):
    return reverse(f"admin:{name}", args=args)


def page_of(obj, page="change"):
    return address(f"evaluation_{obj._meta.model_name}_{page}", obj.pk)


def list_of(model, page="changelist"):
    return address(f"evaluation_{model._meta.model_name}_{page}")


PREVIEW, SAVE = "Show the preview", "Save these windows"  # the two steps of a dialog that shows first what comes of it


class Person:
    """Works through pages alone, CSRF tokens included. `heard`: the messages of the last answer, as read."""

    def __init__(self, username, password, *, language):
        self.username, self.language = username, language
        self.client = StrictClient(enforce_csrf_checks=True)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        self.answer, self.page, self.heard = None, None, []
        page = self.opens(address("login"))
        self.sends(page.form_with("username"), username=username, password=password)
        self.user = get_user_model().objects.get(pk=self.client.session["_auth_user_id"])

    # -- words -------------------------------------------------------------------------------------

    def says(self, text, **values):
        """A sentence of the source as this person reads it."""
        with translation.override(self.language):
            said = translation.gettext(str(text))
            shown = {name: localise_digits(each) if isinstance(each, int) else each for name, each in values.items()}
            return said % shown if shown else said

    def word(self, text, among):
        """The words of a link or button as this person reads them: most of our verbs have a context of their own."""
        with translation.override(self.language):
            known = [translation.pgettext("verb", text), translation.gettext(text)]
        return next((words for words in known if words in among), known[0])

    def hears(self, text, **values):
        """Assert that the last answer said this, and nothing else."""
        assert self.heard == [self.says(text, **values)], self.complaints()

    def hears_count(self, one, many, count):
        with translation.override(self.language):
            said = translation.ngettext(one, many, count) % {"count": localise_digits(count)}
        assert self.heard == [said], self.complaints()

    # -- pages -------------------------------------------------------------------------------------

    def opens(self, target):
        """A page by its address, or of a row."""
        url = page_of(target) if isinstance(target, Model) else target
        return self.read(self.client.get(url, follow=True), url)

    def read(self, answer, url):
        assert answer.status_code == 200, f"{self.username}: {url} answered {answer.status_code}"
        self.answer = answer
        self.heard = [str(message) for message in get_messages(answer.wsgi_request)]
        if answer.context and "messages" in answer.context:
            self.heard = [str(message) for message in answer.context["messages"]]
        here = answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", None) else url
        self.page = Page(here, answer.content.decode())
        return self.page

    def downloads(self, url):
        answer = self.client.get(url)
        assert answer.status_code == 200, f"{self.username}: {url} answered {answer.status_code}"
        assert answer["Content-Disposition"].startswith("attachment")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def is_refused(self, target, code):
        """Assert that the page is closed to this person."""
        url = page_of(target) if isinstance(target, Model) else target
        assert self.client.get(url).status_code == code

    def complaints(self):
        """What the last page has against the form that was sent, for the message of a failed test."""
        found = self.answer.context or {}
        form = found["adminform"].form if "adminform" in found else found.get("form")
        rows = [each.formset.errors for each in found.get("inline_admin_formsets", ())]
        return self.heard, form and dict(form.errors), rows, found.get("reasons")

    # -- forms -------------------------------------------------------------------------------------

    def sends(self, form, button=None, **fields):
        """Fill the named controls of a form, leave the others as they are, and send it."""
        assert fields.keys() <= form.names, f"{form.action} lacks {fields.keys() - form.names}: {sorted(form.names)}"
        given = {name: list(values) for name, values in form.values.items()}
        for name, value in fields.items():
            given[name] = entered(value)
        if button and (pressed := form.buttons[button])[0]:
            given[pressed[0]] = [pressed[1]]
        return self.read(self.client.post(form.action, given, follow=True), form.action)

    def adds(self, model, rows=None, **fields):
        """Add a row through its add form, `rows` = {prefix: [fields of an inline row]}. Returns it."""
        before = set(model.objects.values_list("pk", flat=True))
        form = self.opens(list_of(model, "add")).form_with(*fields)
        with_rows(form, rows or {})
        page = self.sends(form, **fields)
        added = model.objects.exclude(pk__in=before).first()
        assert added, f"{model.__name__} was not added: {page.url} {self.complaints()}"
        return added

    def changes(self, obj, rows=None, **fields):
        """Change a row through its change form. Returns it as it is afterwards."""
        form = self.opens(obj).form_with(*fields)
        with_rows(form, rows or {})
        page = self.sends(form, **fields)
        assert page.url == list_of(type(obj)), f"{obj} was not changed: {page.url} {self.complaints()}"
        return type(obj).objects.get(pk=obj.pk)

    def takes(self, verb, obj, *, page="change", **fields):
        """Press the button of a verb on a row's page and confirm its dialog. Returns the row as it is afterwards."""
        here = page_of(obj, page)
        if self.page.url != here or self.word(verb, self.page.links) not in self.page.links:
            self.opens(here)
        self.confirms(self.page.link(self.word(verb, self.page.links)), verb, **fields)
        return type(obj).objects.get(pk=obj.pk)

    def presses(self, verb, **fields):
        """Fill the form of this page that has this button, and press it. Returns the words on the button."""
        words = self.word(verb, self.page.buttons)
        self.sends(self.page.form_with(button=words), words, **fields)
        return words

    def confirms(self, url, verb, **fields):
        """Confirm the dialog of a verb, once more where it first shows what comes of it; assert the one message."""
        self.opens(url)
        button = PREVIEW if self.word(PREVIEW, self.page.buttons) in self.page.buttons else verb
        self.presses(button, **fields)
        if not self.heard and button == PREVIEW:
            self.presses(SAVE)
        self.hears("Done: %(verb)s.", verb=self.word(verb, " ".join(self.heard)))

    def takes_all(self, verb, objects, **fields):
        """Take a verb on many rows at once, chosen on their list, and confirm. All must be done."""
        objects = list(objects)
        form = self.opens(list_of(objects[0])).form_with("action")
        action = form.options["action"][self.word(verb, form.options["action"])]
        self.sends(form, action=action, _selected_action=objects)
        self.presses(verb, **fields)
        self.hears("%(done)s done.", done=len(objects))

    def is_told(self, verb, obj, text, **values):
        """A verb that cannot be taken now: the dialog says why and has no button that confirms."""
        page = self.opens(obj)
        page = self.opens(page.link(self.word(verb, page.links)))
        assert [str(each) for each in self.answer.context["reasons"]] == [self.says(text, **values)]
        assert self.word(verb, page.buttons) not in page.buttons

    def acts_on_behalf(self, role, assessment, body, **letter):
        """Give the letter by which the lines of an assessment are filled until it is ended."""
        words = self.says("Act on behalf of: %(party)s", party=self.says(role.label))
        page = self.opens(self.opens(page_of(assessment, "lines")).link(words))
        self.sends(page.form_with("behalf_file"), behalf_body=body, **letter)
        self.hears("You now act on behalf of “%(body)s”.", body=body)

    def enters(self, assessment, figures, files=None):
        """Type figures on the page of lines, {code: {box: value}}, attach files {code: file}, and save."""
        lines = {each.indicator.code: each.pk for each in assessment.lines.select_related("indicator")}
        boxes = {f"{lines[code]}-{box}": value for code, own in figures.items() for box, value in own.items()}
        boxes |= {f"{lines[code]}-files": file for code, file in (files or {}).items()}
        self.sends(self.opens(page_of(assessment, "lines")).form_with(*boxes), **boxes)
        self.hears_count("%(count)s line saved.", "%(count)s lines saved.", len({*figures, *(files or {})}))

    def carries(self, direction, receiver, **letter):
        """Prepare a transfer of all that waits and send it; the `receiver` checks the package. Returns the transfer."""
        page = self.opens(self.opens(list_of(Transfer, "add")).link(self.says(TransferDirection(direction).label)))
        self.sends(page.form_with("assessments"), **letter)
        self.hears("The transfer is prepared: check it and send its package.")
        transfer = Transfer.objects.latest("pk")
        assert (transfer.direction, transfer.state, transfer.prepared_by) == (direction, "prepared", self.user)
        transfer = self.takes("Send the package", transfer, **letter)
        package = receiver.downloads(address("evaluation_transfer_file", transfer.pk, "package"))
        assert hashlib.sha256(package).hexdigest() == transfer.sha256
        return transfer

    def imports(self, workbook, cycle, table, *, counts, **letter):
        """Upload a table, look at the trial run, confirm. `counts` are (new, changed, same). Returns the ImportRun."""
        upload = SimpleUploadedFile(f"{workbook}.xlsx", sheet(*table))
        form = self.opens(list_of(ImportRun, "add")).form_with("workbook")
        page = self.sends(form, workbook=workbook, cycle=cycle or "", file=upload, **letter)
        run = ImportRun.objects.order_by("pk").last()
        assert run, self.complaints()
        assert page.url == page_of(run), self.complaints()
        assert (run.state, run.job) == ("queued", "trial")
        self.presses("Run it here")  # no worker runs in tests
        run.refresh_from_db()
        assert run.report["faults"] == []
        assert (run.state, run.new, run.changed, run.same, run.wrong) == ("tried", *counts, 0)
        self.presses_confirm(counts)
        self.presses("Run it here")
        run.refresh_from_db()
        assert (run.state, run.new, run.changed, run.same, run.wrong) == ("written", *counts, 0)
        return run

    def presses_confirm(self, counts):
        """The button of a clean trial run has the counts in its words."""
        new, changed, _same = counts
        if new or changed:
            words = self.says("Write %(new)s new and %(changed)s changed rows", new=new, changed=changed)
        else:
            words = self.says("Confirm without a change")
        self.sends(self.page.form_with(button=words), words)


def entered(value):
    """What is typed or chosen in a control, as the list of values that are sent; files are made anew each time."""
    if callable(value):
        value = value()
    if isinstance(value, (list, tuple)) or hasattr(value, "iterator"):
        return [each for one in value for each in entered(one)]
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, Model):
        return [str(value.pk)]
    return [value] if hasattr(value, "read") else [str(value)]


def with_rows(form, rows):
    """Add rows to the inlines of a form, as the button below them does."""
    for prefix, added in rows.items():
        total = int(form.values[f"{prefix}-TOTAL_FORMS"][0])
        blank = f"{prefix}-__prefix__-"
        own = [name for name in form.names if name.startswith(blank)]
        for number, fields in enumerate(added, start=total):
            for name in own:
                form.values[name.replace("__prefix__", str(number))] = list(form.values.get(name, []))
            for name, value in fields.items():
                assert blank + name in own, f"{form.action} lacks {blank + name}: {own}"
                form.values[f"{prefix}-{number}-{name}"] = entered(value)
        form.values[f"{prefix}-TOTAL_FORMS"] = [str(total + len(added))]
