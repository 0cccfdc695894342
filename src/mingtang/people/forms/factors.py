"""Where allauth asks for a code (验证码): our count of failures, our memory of what is spent."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils import timezone

from mingtang.core.decider import Refused
from mingtang.core.totp import ProofMethod
from mingtang.people import actions
from mingtang.ui.refusals import sentence

KINDS = {
    ProofMethod.TOTP: Authenticator.Type.TOTP,
    ProofMethod.RECOVERY_CODE: Authenticator.Type.RECOVERY_CODES,
}


class _Proven:
    cleaned_data: dict[str, Any]
    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            method = actions.prove(account=self.user.pk, code=code, at=timezone.now())
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from None
        self.authenticator = Authenticator.objects.get(user=self.user, type=KINDS[method])
        return code


class SignInForm(_Proven, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step of signing in."""


class ConfirmForm(_Proven, ReauthenticateForm):  # type: ignore[misc]  # as above
    """Confirming that it is still oneself."""


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]  # as above
    """启用第二重验证: the code typed here is spent with it."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        actions.spend_code(account=self.user.pk, secret=self.secret, code=code, at=timezone.now())
        return code
