"""Workbook `memberships`: who has which role at which place of a province, with an account for those who have none."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.enums import Role, Workbook
from evaluation.models import Agency, Headquarters, ImportRun, Membership, PartnerBody
from evaluation.persian import localise_digits, match_key
from evaluation.process.agencies import membership
from evaluation.rules.roles import GIVEN_BY_STAFF, PLACE_OF_ROLE

from ..tables.columns import Choice, Code, Column, JalaliDate, Text, YesNo
from ..tables.faults import Cause, Notable
from ..tables.table import Entry
from .table_workbook import TableWorkbook

OF_ACCOUNT = ("first_name", "last_name", "email")


class Memberships(TableWorkbook):
    """One row is one role of one person. An unknown user name makes an account, which has no password yet.

    Passwords do not travel in workbooks, which are kept: the first one is given on the account's page.
    """

    workbook = Workbook.MEMBERSHIPS
    key = ("user", "role", "place")
    filled = ("since", "until", "active")
    change_columns = {
        "membership": ("user", "role", "province", "agency", "headquarters", "partner", "since", "until", "active")
    }

    user = Column("نام کاربری", Code(150), required=True)
    first_name = Column("نام", Text(150), erasable=False)
    last_name = Column("نام خانوادگی", Text(150), width=24, erasable=False)
    email = Column("پست الکترونیک", Code(254), width=28, erasable=False)
    role = Column("نقش", Choice(Role), required=True)
    place = Column("محل خدمت", width=44, erasable=False, note="نام یا کد دستگاه یا نهاد؛ برای نقش‌های استان خالی بماند.")
    since = Column("از تاریخ", JalaliDate(), erasable=False)
    until = Column("تا تاریخ", JalaliDate())
    active = Column("فعال", YesNo(), erasable=False)

    class Meta:
        model = Membership
        fields = ("user", "first_name", "last_name", "email", "role", "place", "since", "until", "active")

    def look_up(self, rows: list[Entry]) -> None:
        names = {entry["user"] for entry in rows if entry["user"]}
        self.accounts = {user.username: user for user in User.objects.filter(username__in=names)}
        self.choosable = membership.choosable(self.by, self.accounts.values())
        self.new_accounts: list[User] = []
        self.read_places()
        super().look_up(rows)

    def read_places(self) -> None:
        """{name of the field: {match key of a name, or code: place}} of what the person may name here."""
        agencies = Agency.objects.visible_to(self.by).filter(province=self.province)
        bodies = PartnerBody.objects.of_province(self.province)
        self.places = {
            "agency": by_words(agencies),
            "headquarters": by_words(Headquarters.objects.of_province(self.province)),
            "partner": by_words(bodies),
        }

    def standing_rows(self) -> QuerySet[Any]:
        rows = Membership.objects.visible_to(self.by).select_related(
            "user", "province", "agency", "headquarters", "partner"
        )
        return rows.order_by("role", "user__username", "pk")

    def own_place(self) -> dict[str, Any]:
        return {}

    # -- one row

    def key_of_row(self, entry: Entry) -> tuple:
        """User, role and the key of the place; a place that is not known is its own key."""
        if entry["user"] is None or entry["role"] is None:
            return (None,)
        place = self.place_of(entry) if hasattr(self, "places") else None
        return entry["user"], str(entry["role"]), (place.pk if place else match_key(entry["place"] or ""))

    def key_of_object(self, obj: Any) -> tuple:
        field = PLACE_OF_ROLE.get(Role(obj.role))
        place = getattr(obj, field) if field else None
        return obj.user.username, str(obj.role), place.pk if place else ""

    def place_of(self, entry: Entry) -> Any:
        """The place that a row names: the province itself for its own roles; None for an unknown or missing one."""
        field = PLACE_OF_ROLE.get(Role(entry["role"]))
        if field == "province":
            return self.province
        return self.places[field].get(match_key(entry["place"] or "")) if field else None

    def judge(self, entry: Entry) -> str:
        field = PLACE_OF_ROLE.get(Role(entry["role"]))
        if field and self.place_of(entry) is None:
            sentence = _("No place of this role that you may choose has this name or code.")
            return self.fault(entry, "place", Cause.UNKNOWN, sentence)
        known = self.objects.get(self.key_of_row(entry))
        if known is None:
            self.check_new(entry, field)
        self.note_names(entry)
        return "" if entry.wrong else super().judge(entry)

    def check_new(self, entry: Entry, field: str | None) -> None:
        """Name why this person may not give this role, as the form does."""
        if not self.by.is_superuser and entry["role"] not in GIVEN_BY_STAFF:
            sentence = _("Only the system administrator gives this role.")
            self.fault(entry, "role", Cause.RULE, sentence)
            return
        places = {field: self.place_of(entry)} if field else {}
        for _field, sentence in membership.why_not(entry["role"], places, by=self.by):
            self.fault(entry, "place", Cause.RULE, sentence)
        account = self.accounts.get(entry["user"])
        if account is None:
            self.new_account(entry)
        elif account.pk and account.pk not in self.choosable:
            sentence = _("This user name is already used; choose another one.")
            self.fault(entry, "user", Cause.DUPLICATE, sentence)

    def new_account(self, entry: Entry) -> None:
        """An account that is made with the import."""
        for code, check in (("user", User.username_validator), ("email", validate_email)):
            try:
                check(entry[code] or "a@example.ir")
            except ValidationError as refusal:
                self.fault(entry, code, Cause.TEXT, refusal.messages[0])
                return
        names = {code: entry[code] or "" for code in OF_ACCOUNT}
        account = User(username=entry["user"], is_staff=True, **names)
        self.accounts[account.username] = account
        self.new_accounts.append(account)

    def note_names(self, entry: Entry) -> None:
        """Warn where the file names a standing account otherwise: names are changed on the account's page."""
        account = self.accounts.get(entry["user"])
        for code in OF_ACCOUNT:
            if account and account.pk and entry[code] and entry[code] != getattr(account, code):
                sentence = _("The account has another value, and an import does not change accounts.")
                self.warn(entry, code, Notable.NORMALISED, sentence)

    def read(self, entry: Entry, code: str) -> Any:
        return self.accounts[entry["user"]] if code == "user" else super().read(entry, code)

    def read_all(self, entry: Entry, codes: Iterable[str]) -> dict[str, Any]:
        """The field of the place depends on the role."""
        fields = {PLACE_OF_ROLE.get(Role(entry["role"]), ""): self.place_of(entry)} if "place" in codes else {}
        fields.pop("", None)
        return fields | super().read_all(entry, [code for code in codes if code != "place"])

    def not_asked(self) -> set[str]:
        """A new account has no key yet."""
        return {"user"}

    def check_all(self) -> None:
        if count := len(self.new_accounts):
            sentence = ngettext(
                "%(count)s account is new and is made with the import, without a password: %(names)s.",
                "%(count)s accounts are new and are made with the import, without a password: %(names)s.",
                count,
            )
            names = "، ".join(user.username for user in self.new_accounts[:10])
            self.remarks.append(sentence % {"count": localise_digits(count), "names": names})

    def write(self, run: ImportRun | None) -> None:
        membership.open_accounts(self.new_accounts, by=self.by)
        super().write(run)

    # -- downloads

    def row_of(self, obj: Any) -> dict[str, Any]:
        names = {code: getattr(obj.user, code) for code in OF_ACCOUNT}
        return super().row_of(obj) | names

    def shown(self, obj: Any, code: str) -> Any:
        if code == "user":
            return obj.user.get_username()
        if code == "place":
            field = PLACE_OF_ROLE.get(Role(obj.role))
            place = getattr(obj, field) if field and field != "province" else None
            return place.name if place else ""
        return super().shown(obj, code)

    def offers_choices(self, code: str) -> Sequence[str]:
        if code != "place":
            return ()
        self.read_places()
        return sorted({place.name for places in self.places.values() for place in places.values()})


def by_words(rows: Iterable[Any]) -> dict[str, Any]:
    """{match key of a name, or of a code: row}."""
    rows = list(rows)
    return {match_key(row.name): row for row in rows} | {match_key(row.code): row for row in rows}
