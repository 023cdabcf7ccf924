"""Words of Wagtail's screens in our own: its Catalan has some wrong ("Aprovai
Publica"), and its buttons speak in another way than ours. Our catalogues come first.

Nobody imports them; they stand here to be collected.
"""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("%(label)s and Publish"),
    gettext_noop("Approve with comment"),
    gettext_noop("Publish"),
    gettext_noop("Request changes"),
    gettext_noop("Schedule to publish"),
)
