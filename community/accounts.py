"""Signing in with a code sent by mail."""

import ipaddress
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from community.messages import suppressions
from community.messages.backend import SIGN_IN

from .models import User


class AccountBackend(AuthenticationBackend):
    """Who signed in, with what every screen of the staff asks about them, in two
    queries instead of four."""

    def get_user(self, user_id: int) -> User | None:
        users = User.objects.select_related("wagtail_userprofile")
        user = users.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj)
        if not hasattr(user_obj, "_perm_cache"):
            own = Q(pk__in=user_obj.user_permissions.values("pk"))
            rights = Permission.objects.filter(own | Q(group__user=user_obj))
            names = rights.values_list("content_type__app_label", "codename")
            # Where Django keeps it, and forgets it with the user.
            user_obj._perm_cache = {f"{app}.{name}" for app, name in names.distinct()}
        return user_obj._perm_cache


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
