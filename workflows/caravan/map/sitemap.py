"""The map, for search engines."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils.translation import override


class MapSitemap(Sitemap):
    """The page of the map, in each language of the site."""

    def items(self) -> list[str]:
        return [language for language, _name in settings.LANGUAGES]

    def get_urls(self, page: int | str = 1, *args: Any, **kwargs: Any) -> list[dict]:
        """What Django's template of a sitemap asks for."""
        addresses = {language: _address(language) for language in self.items()}
        twins = [
            {"location": address, "lang_code": language}
            for language, address in addresses.items()
        ]
        return [
            {
                "item": language,
                "location": address,
                "lastmod": None,
                "changefreq": None,
                "priority": "",
                "alternates": twins,
            }
            for language, address in addresses.items()
        ]


def _address(language: str) -> str:
    with override(language):
        return urljoin(settings.SITE_URL, reverse("caravan_map"))
