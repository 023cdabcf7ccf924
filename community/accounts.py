"""Signing in with a code sent by mail."""

import ipaddress
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from community.messages import suppressions
from community.messages.backend import SIGN_IN

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth's way into our accounts and our outbox."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the code. Look for our newest mail."),
        # Codes asked for as well as codes tried, of an address with account or not.
        "too_many_login_attempts": _(
            "That was too many times. Wait a while, and ask for a new code."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        # An account comes with a membership; nobody makes one for no reason.
        return False

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        mail = self.render_mail(
            template_prefix, email, {"request": self.request, "email": email, **context}
        )
        mail.outbox_kind = SIGN_IN.name
        mail.send()

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """People have no user name."""

    def pre_login(
        self, request: HttpRequest, user: User, **login: Any
    ) -> HttpResponse | None:
        # The code went to an address that is not the account's any more.
        if (login["email"] or "").lower() != user.email.lower():
            clear_login(request)
            return redirect("account_login")
        return super().pre_login(request, user, **login)

    def post_login(
        self, request: HttpRequest, user: User, *, email: str | None, **login: Any
    ) -> HttpResponse:
        # Whoever types the code has read our mail.
        if email:
            suppressions.reached(email)
        return super().post_login(request, user, email=email, **login)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


def client_address(request: HttpRequest) -> str:
    """The network address that `request` comes from, for counting and nothing else.

    Anybody can write X-Forwarded-For: only what our own proxies added counts, which
    is at its end. What is no address at all is counted as one and the same.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    header = request.headers.get("X-Forwarded-For", "")
    told = header.split(",") if header else []
    if 0 < proxies <= len(told):
        address = told[-proxies].strip()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return "unknown"


def sign_out_everywhere(user: User) -> None:
    """End every session of `user`: also those that would come back to life with the
    account."""
    # Nobody has a password; each session carries a digest of this field.
    user.set_unusable_password()
    user.save(update_fields=["password"])
