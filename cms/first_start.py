"""What a new installation needs before its people can work: a site with a front page
in every language, somebody who may let others in, and a unit. What is there already
stays; only what is asked to be different is changed."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language_info, gettext
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale, Page, Site

from cms.models import AgendaPage, HomePage
from community.models import Message, Unit, User

# Who writes down people, roles and units; sees nobody who registers.
ADMINISTRATORS = "Administrators"
# The title of the page that Wagtail makes.
WELCOME = "Welcome to your new Wagtail site!"


class Answers(NamedTuple):
    """What whoever installs the site says. `unit_name` is in the site's language,
    `language` is that of the administrator's mails."""

    site_name: str
    host: str
    port: int
    admin_email: str
    admin_name: str
    language: str
    unit_code: str
    unit_name: str
    unit_email: str


def begin(answers: Answers) -> list[str]:
    """Make true what `answers` say, all of it or nothing. Returns a line for each
    thing that was made or changed.

    Raises ValidationError if the administrator's account is disabled.
    """
    with transaction.atomic():
        return [
            *_make_home_page(),
            *_name_site(answers.site_name, answers.host, answers.port),
            *_translate_home_page(),
            *_let_in(answers.admin_email, answers.admin_name, answers.language),
            *_make_unit(answers.unit_code, answers.unit_name, answers.unit_email),
        ]


def send_test(email: str, language: str) -> Message:
    """Queue a mail that says that mail works. Returns it."""
    with translation.override(language):
        subject = gettext("%(site)s sends mail") % {"site": settings.SITE_NAME}
        body = gettext(
            "If you read this, mail leaves the site as it should.\n\n"
            "Sign in at %(address)s with this e-mail address: the code comes by mail.\n"
        ) % {"address": f"{settings.SITE_URL}/admin/"}
        mail = EmailMessage(subject, body, to=[email])
        mail.send()
    return Message.objects.get(message_id=mail.extra_headers["Message-ID"])


def home() -> HomePage | None:
    """The front page in the language that people see first."""
    return HomePage.objects.filter(locale=Locale.get_default()).first()


def _make_home_page() -> list[str]:
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    if home():
        return []
    _make_home(Locale.get_default(), None)
    return ["the front page and the agenda"]


def _translate_home_page() -> list[str]:
    """Make the front page in the other languages, unless it is in one already: then
    somebody translates it."""
    first = home()
    if HomePage.objects.exclude(pk=first.pk).exists():
        return []
    said = []
    for locale in Locale.objects.exclude(pk=first.locale_id):
        _make_home(locale, first)
        language = get_language_info(locale.language_code)["name"]
        said.append(f"the same in {language}")
    return said


def _make_home(locale: Locale, source: HomePage | None) -> HomePage:
    """The front page in `locale`, with its agenda: the translation of `source`, if
    there is one."""
    with translation.override(locale.language_code):
        page = HomePage(
            title=gettext("Home"),
            hero_title=gettext("We meet here"),
            lead=gettext(
                "Sessions for local bodies: when, about what, and your place."
            ),
            locale=locale,
        )
        agenda = AgendaPage(
            title=gettext("Agenda"),
            slug="agenda",
            lead=gettext("The sessions to come, and those that were held."),
            locale=locale,
            show_in_menus=True,
        )
    if source:
        page.translation_key = source.translation_key
        of_source = AgendaPage.objects.child_of(source).first()
        if of_source:
            agenda.translation_key = of_source.translation_key
    _publish(Page.get_first_root_node(), page)
    _publish(page, agenda)
    return page


def _publish(parent: Page, page: Page) -> None:
    parent.add_child(instance=page)
    page.save_revision().publish()


def _name_site(name: str, host: str, port: int) -> list[str]:
    site = Site.objects.filter(is_default_site=True).first()
    site = site or Site(is_default_site=True)
    wanted = {"site_name": name, "hostname": host, "port": port}
    if not site.pk or not isinstance(site.root_page.specific, HomePage):
        wanted["root_page"] = home()
    changed = [
        field for field, value in wanted.items() if getattr(site, field, None) != value
    ]
    if not changed:
        return []
    for field in changed:
        setattr(site, field, wanted[field])
    site.save()
    _drop_welcome()
    return [f"the site {name}, at {host}:{port}"]


def _drop_welcome() -> None:
    """Take away the page that Wagtail made, unless somebody made something of it."""
    welcome = Page.objects.exact_type(Page).filter(
        depth=2, title=WELCOME, latest_revision=None, numchild=0
    )
    for page in welcome:
        page.delete()


def _let_in(email: str, name: str, language: str) -> list[str]:
    user = User.objects.filter(email__iexact=email).first()
    if user and not user.is_active:
        raise ValidationError(
            f"The account of {email} is disabled. Name somebody else, or enable it."
        )
    said = []
    if user is None:
        user = User(email=User.objects.normalize_email(email), is_staff=True)
        user.set_unusable_password()
    if (user.name, user.language) != (name, language):
        user.name, user.language = name, language
        user.save()
        said.append(f"the account of {name}, {user.email}")
    # No superuser: people's data is not an administrator's affair.
    group = Group.objects.get(name=ADMINISTRATORS)
    if not user.groups.filter(pk=group.pk).exists():
        user.groups.add(group)
        said.append(f"{user.email} is an administrator")
    return said


def _make_unit(code: str, name: str, email: str) -> list[str]:
    unit = Unit.objects.filter(code=code).first() or Unit(code=code)
    names = dict(getattr(unit.name, "data", None) or {})
    if (names.get(settings.LANGUAGE_CODE), unit.email) == (name, email):
        return []
    unit.name = LazyI18nString({**names, settings.LANGUAGE_CODE: name})
    unit.email = email
    unit.save()
    return [f"the unit {name} ({code})"]
