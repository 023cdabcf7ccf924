"""Signing in with a code sent by mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from community.messages.backend import SIGN_IN


class AccountAdapter(DefaultAccountAdapter):
    """allauth's way into our accounts and our outbox."""

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
