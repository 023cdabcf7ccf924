"""Being somebody in a browser, without the form."""

from django.test import Client
from playwright.sync_api import BrowserContext

from community.models import User


def sign_in(context: BrowserContext, user: User, site_url: str) -> None:
    """Have the browser be that of `user`, who has signed in."""
    client = Client()
    client.force_login(user)
    lend(context, client, site_url)


def lend(context: BrowserContext, client: Client, site_url: str) -> None:
    """Have the browser be whoever `client` is, and remember what that remembers."""
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": site_url}
            for name, morsel in client.cookies.items()
        ]
    )
