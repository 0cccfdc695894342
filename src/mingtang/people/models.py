"""People, organisations, offices and letters as pages need them: projections, `rebuild` makes them.

Five tables are not copies: `Account` and `FactorRow` hold what credentials need and are never
recorded in the log, `AccountAct` says who did what to an account, and `PhraseRow` and `PhoneRow`
are conveniences of whoever writes, and is called. Ids refer to other tables by value, never by key.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from mingtang.core.phones import service_of
from mingtang.core.wire import ERASED


class AccountManager(BaseUserManager["Account"]):
    def create_user(
        self, username: str, password: str | None = None, person: str = "", **values: Any
    ) -> "Account":
        account = self.model(username=username, person=person, **values)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """What a person signs in with (账号)."""

    username = models.CharField(max_length=40, unique=True)
    person = models.CharField(max_length=12, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    password_is_temporary = models.BooleanField(default=False)  # given by staff: change it first
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"


class AccountAct(models.Model):
    """One thing done to an account (账号操作记录). Kept at least six months: 网络安全法 art. 21."""

    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    username = models.CharField(max_length=40)
    act = models.CharField(max_length=20)  # opened | disabled | enabled | reset | signed-up

    class Meta:
        indexes = [models.Index(fields=["-at"], name="account_acts_newest")]


class FactorRow(models.Model):
    """What must be remembered of an account's second factor (第二重验证): which codes are spent."""

    account = models.BigIntegerField(primary_key=True)  # id of the account
    step = models.BigIntegerField(default=0)  # of the clock, of the last code that was good
    failures = models.PositiveSmallIntegerField(default=0)  # since the last good one
    failed_at = models.DateTimeField(null=True)


class PhraseRow(models.Model):
    """常用语: what a person, or a whole organisation, keeps writing. A preference, no fact."""

    owner = models.CharField(max_length=60)  # person id, or code of an organisation
    use = models.CharField(max_length=12)  # core.phrases.PhraseUse
    text = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "use", "text"], name="a_phrase_is_kept_once")
        ]


class PhoneRow(models.Model):
    """来活提醒: a browser that is called when there is work, and when it is to be called next."""

    digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the endpoint, in hex
    account = models.BigIntegerField(db_index=True)
    endpoint = models.TextField()
    key = models.BinaryField(max_length=65)  # p256dh
    secret = models.BinaryField(max_length=16)  # auth
    language = models.CharField(max_length=10)
    kept_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # there is work it has not been called for
    failures = models.PositiveSmallIntegerField(default=0)  # in a row

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="phones_to_call")]

    @property
    def service(self) -> str:
        return service_of(self.endpoint)


class PersonRow(models.Model):
    id = models.CharField(max_length=12, primary_key=True)  # random, says nothing
    name = models.CharField(max_length=80)
    id_kind = models.CharField(max_length=20)
    id_number = models.CharField(max_length=40)
    phone = models.CharField(max_length=40)
    registered_by = models.CharField(max_length=40)
    registered_at = models.DateTimeField()
    last_index = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_kind", "id_number"],
                condition=~models.Q(id_number=ERASED),
                name="one_person_per_identity_number",
            )
        ]


class AppointmentRow(models.Model):
    id = models.CharField(max_length=20, primary_key=True)  # person-number
    person = models.CharField(max_length=12, db_index=True)
    number = models.PositiveIntegerField()
    role = models.CharField(max_length=24)
    organisation = models.CharField(max_length=60, db_index=True)
    office = models.CharField(max_length=60)
    staff_no = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    appointed_by = models.CharField(max_length=40)
    appointed_at = models.DateTimeField()
    appointed_index = models.BigIntegerField()
    ended_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)
    ended_index = models.BigIntegerField(null=True)
    end_reason = models.TextField()

    # No columns: `queries.staff` looks them up.
    name: str
    organisation_name: str


class OrganisationRow(models.Model):
    code = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=24, db_index=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    uscc = models.CharField(max_length=18)
    phone = models.CharField(max_length=60)
    address = models.CharField(max_length=200)
    registered_by = models.CharField(max_length=40)
    registered_at = models.DateTimeField()
    last_index = models.BigIntegerField()


class OfficeRow(models.Model):
    code = models.CharField(max_length=60, primary_key=True)
    organisation = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    last_index = models.BigIntegerField()


class AgencyRow(models.Model):
    """Who may file for an organisation (代理). Gone when it has ended; the log keeps it."""

    id = models.CharField(max_length=80, primary_key=True)  # organisation>agent
    organisation = models.CharField(max_length=60, db_index=True)
    agent = models.CharField(max_length=12, db_index=True)
    scope = models.CharField(max_length=200)
    named_by = models.CharField(max_length=40)
    named_at = models.DateTimeField()
    last_index = models.BigIntegerField()

    name: str  # no column: `queries.agents_of` looks it up


class EntrustmentRow(models.Model):
    """Who may file for another person (委托). Gone when it has ended; the log keeps it."""

    id = models.CharField(max_length=30, primary_key=True)  # person>agent
    person = models.CharField(max_length=12, db_index=True)
    agent = models.CharField(max_length=12, db_index=True)
    scope = models.CharField(max_length=200)
    entrusted_at = models.DateTimeField()
    last_index = models.BigIntegerField()

    name: str  # no column: `queries.entrusted_by` looks it up


class MandateRow(models.Model):
    """An authorisation letter (授权书)."""

    key = models.CharField(max_length=60, primary_key=True)
    letter_no = models.CharField(max_length=120)
    organ = models.CharField(max_length=60, db_index=True)
    organ_name = models.CharField(max_length=200)
    person = models.CharField(max_length=12, db_index=True)
    person_name = models.CharField(max_length=80)
    items = models.JSONField()  # item codes, or ["*"]
    powers = models.JSONField()
    limits = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    document = models.CharField(max_length=140)
    granted_by = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    granted_index = models.BigIntegerField()
    office = models.CharField(max_length=60)  # where it hangs
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField(null=True)
    published_index = models.BigIntegerField(null=True)
    revoked_by = models.CharField(max_length=40)
    revoked_at = models.DateTimeField(null=True)
    revoked_index = models.BigIntegerField(null=True)
    revoke_reason = models.TextField()
