"""Pictures and documents."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index


class CustomImage(AbstractImage):
    """A picture of the site."""

    admin_form_fields = ("title", "file", "description", "collection", "tags")

    # Wagtail breaks where words and a tag are looked for at once: the tag is not
    # among what can be filtered.
    search_fields = (
        *(f for f in AbstractImage.search_fields if f.field_name != "tags"),
        index.RelatedFields(
            "tags",
            [
                index.SearchField("name", boost=10),
                index.AutocompleteField("name"),
                index.FilterField("name"),
            ],
        ),
    )

    @property
    def default_alt_text(self) -> str:
        # Wagtail's falls back on the title, which is the name of a file as a rule.
        return self.description

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")


class Rendition(AbstractRendition):
    image = models.ForeignKey(
        CustomImage, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"),
                name="one_rendition_per_filter",
            ),
        )

    def get_upload_to(self, filename: str) -> str:
        """Where the proxy finds it: under a name that nobody can guess, since it asks
        nobody's rights and the collection may be private."""
        return super().get_upload_to(f"{secrets.token_hex(8)}.{filename}")


class CustomDocument(AbstractDocument):
    """A file that the site offers."""

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def clean(self) -> None:
        # Of a file that was refused there is nothing more to say.
        if self.file:
            super().clean()
