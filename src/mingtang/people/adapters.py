"""Where allauth and axes ask us: signing in, changing a password, secrets, being locked out."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SEALED, NONCE = "v1.", 12  # how a secret of ours begins; bytes of its nonce

# Django's own sentence on length has lost its translation (5.2.19): each reason in our words.
WEAK: Mapping[str | None, "StrOrPromise"] = {
    "password_too_short": _("密码太短，至少 %(min_length)d 个字符。"),
    "password_too_common": _("这个密码太常见，容易被猜中。"),
    "password_too_similar": _("密码与用户名太相近。"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Signing in by user name; accounts are made on our own pages, with the person."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用。请到服务中心窗口或向系统管理员询问。"),
        "username_password_mismatch": _("用户名或密码不对。请检查大小写后再试。"),
        "enter_current_password": _("现在的密码不对。"),
        "incorrect_password": _("密码不对。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave counting failures to django-axes: two counters would give two answers."""

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        try:
            good: str = super().clean_password(password, user)
        except ValidationError as weak:
            raise ValidationError(
                [
                    ValidationError(WEAK.get(reason.code, reason.message), params=reason.params)
                    for reason in weak.error_list
                ]
            ) from None
        return good

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        user.password_is_temporary = False  # type: ignore[attr-defined]  # it is an Account
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        url: str = self.get_login_redirect_url(request)
        return url


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """Secrets of second factors lie encrypted in the database (AES-256-GCM).

    The key is derived from this installation's secret, which lies beside the database and not in
    it: a stolen copy of the tables computes no code.
    """

    def encrypt(self, text: str) -> str:
        nonce = secrets.token_bytes(NONCE)
        return SEALED + b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(SEALED):
            return encrypted_text  # kept by a version before this one
        kept = b64decode(encrypted_text.removeprefix(SEALED))
        return _cipher().decrypt(kept[:NONCE], kept[NONCE:], None).decode()


def _cipher() -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=None, info=b"mingtang/second-factors/v1")
    return AESGCM(derived.derive(settings.SECRET_KEY.encode()))


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Answer with the page that says until when signing in is stopped (登录锁定)."""
    username = (credentials or {}).get("username") or request.POST.get("login", "")
    last = (
        AccessAttempt.objects.filter(username=username, ip_address=get_client_ip_address(request))
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    until = last and last + get_cool_off(request)
    return render(request, "people/locked.html", {"until": until}, status=429)
