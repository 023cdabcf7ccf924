"""The editors' work around pages: moderation, and looking at pages again."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import (
    Locale,
    Page,
    PageLogEntry,
    PageSubscription,
    Workflow,
    WorkflowPage,
    get_page_models,
)
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail.users.models import UserProfile

from cms.models import HomePage, Review, SectionPage
from community.models import User
from tests.factories import a_series, a_session, a_user
from tests.factories.pages import a_home, a_series_page, a_session_page

pytestmark = pytest.mark.django_db


def member(role: str, **values: Any) -> User:
    user = a_user(**{"name": f"{role} de prova", **values})
    user.groups.add(Group.objects.get(name=role))
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_section(home: HomePage, **values: Any) -> SectionPage:
    defaults = {"title": "Avís legal", "slug": "avis", "locale": home.locale}
    return home.add_child(instance=SectionPage(**{**defaults, **values}))


def moderate(page: Page) -> None:
    """As an administrator does in Settings > Workflows."""
    WorkflowPage.objects.create(workflow=Workflow.objects.get(), page=page)


def send(client: Client, page: SectionPage, button: str = "", **values: Any) -> Any:
    """Send the form of `page` with `button` pressed."""
    sent = {
        "title": page.title,
        "slug": page.slug,
        "lead": page.lead,
        "body": streamfield([]),
        "contact": rich_text("<p></p>"),
        "comments": {
            "TOTAL_FORMS": 0,
            "INITIAL_FORMS": 0,
            "MIN_NUM_FORMS": 0,
            "MAX_NUM_FORMS": 0,
        },
        **values,
    }
    if button:
        sent[button] = "1"
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(url, nested_form_data(sent), follow=True)


def judge(client: Client, page: SectionPage, answer: str, words: str = "") -> Any:
    """Approve `page`, or send it back, with some words."""
    step = Page.objects.get(pk=page.pk).current_workflow_task_state
    name = "wagtailadmin_pages:workflow_action"
    url = reverse(name, args=[page.pk, answer, step.pk])
    return client.post(url, {"comment": words})


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def sweep_and(work: Callable[[], None]) -> None:
    """A minute later."""
    call_command("sweep")
    work()


# Moderation ---------------------------------------------------------------------------


def test_an_editor_publishes_where_there_is_no_moderation():
    page = a_section(a_home(), live=False)

    send(browser(member("Editors")), page, "action-publish", lead="Ja hi és.")

    page.refresh_from_db()
    assert (page.live, page.lead) == (True, "Ja hi és.")


def test_below_a_page_with_moderation_only_who_approves_there_publishes():
    home = a_home()
    page = a_section(home, live=False)
    moderate(home)

    send(browser(member("Editors")), page, "action-publish")
    page.refresh_from_db()
    assert not page.live

    send(browser(member("Coordinators")), page, "action-publish")
    page.refresh_from_db()
    assert page.live


def test_moderation_tells_the_right_people_each_step_in_their_language(
    work, smtp_server
):
    home = a_home()
    page = a_section(home, live=False)
    moderate(home)
    editor = member("Editors", language="es")
    approver = member("Coordinators", language="ca")
    member("Coordinators", is_active=False)
    member("Case workers")

    send(browser(editor), page, "action-submit", lead="Un esborrany.")
    work()
    [asked] = smtp_server.mails
    assert asked["To"] == approver.email
    assert asked["Subject"] == "Per aprovar: Avís legal"
    assert editor.name in text_of(asked)
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in text_of(asked)

    judge(browser(approver), page, "reject", "Falta la data.\nI el nom.")
    work()
    [_asked, sent_back] = smtp_server.mails
    assert sent_back["To"] == editor.email
    assert sent_back["Subject"] == "Se piden cambios: Avís legal"
    assert "Falta la data.\nI el nom." in text_of(sent_back)
    page.refresh_from_db()
    assert not page.live

    send(browser(editor), page, "action-submit", lead="Corregit.")
    judge(browser(approver), page, "approve", "Ara sí")
    work()
    approved = smtp_server.mails[-1]
    assert approved["To"] == editor.email
    assert approved["Subject"] == "Aprobada: Avís legal"
    assert "Ara sí" in text_of(approved)
    page.refresh_from_db()
    assert (page.live, page.lead) == (True, "Corregit.")


def test_a_page_that_was_settled_before_the_mail_left_asks_nobody(work, smtp_server):
    home = a_home()
    page = a_section(home, live=False)
    moderate(home)
    member("Coordinators", email="one@placa.example")
    other = member("Coordinators")

    send(browser(member("Editors", name="Ada")), page, "action-submit")
    judge(browser(other), page, "approve")
    work()

    assert smtp_server.mails_to("one@placa.example") == []


def test_who_wants_no_mails_of_moderation_gets_none(work, smtp_server):
    home = a_home()
    page = a_section(home, live=False)
    moderate(home)
    approver = member("Coordinators")
    UserProfile.objects.create(user=approver, submitted_notifications=False)

    send(browser(member("Editors")), page, "action-submit")
    work()

    assert smtp_server.mails == []


def test_a_comment_tells_whoever_follows_the_page_in_their_language(work, smtp_server):
    page = a_section(a_home(), title="Avís legal")
    writer = member("Editors", name="Ada Puig", language="ca")
    follower = member("Editors", language="es")
    PageSubscription.objects.create(
        user=follower, page=page, comment_notifications=True
    )
    comment = {"text": "I la <data>?", "contentpath": "lead", "position": ""}
    new = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0}
    replies = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0}

    send(browser(writer), page, comments={**new, "0": {**comment, "replies": replies}})
    work()

    [mail] = smtp_server.mails
    assert mail["To"] == follower.email
    assert mail["Subject"] == "Comentarios en «Avís legal»"
    assert "Ada Puig ha escrito o resuelto comentarios" in text_of(mail)
    assert "I la <data>?" in text_of(mail)
    html = mail.get_body(("html",)).get_content()
    assert "ha escrito o resuelto" in html
    assert "I la &lt;data&gt;?" in html
    assert 'lang="es"' in html


# Looking at pages again ---------------------------------------------------------------


def today() -> date:
    return timezone.localdate()


def a_review(page: Page, days: int, owner: User | None = None) -> Review:
    """`page` is to be looked at in so many days, by `owner`."""
    Page.objects.filter(pk=page.pk).update(owner=owner)
    review, _new = Review.objects.update_or_create(
        page_id=page.pk, defaults={"by": today() + timedelta(days=days), "told": None}
    )
    return review


def day_of(page: Page) -> date | None:
    return Review.objects.get(page_id=page.pk).by


def test_a_page_gets_a_day_a_year_after_it_is_first_published():
    home = a_home()
    page = a_section(home, live=False)
    assert not Review.objects.exists()

    page.save_revision().publish()

    assert day_of(page) == today() + timedelta(days=365)


def test_publishing_again_leaves_the_day_that_somebody_chose():
    page = a_section(a_home())
    a_review(page, 20)

    page.save_revision().publish()

    assert day_of(page) == today() + timedelta(days=20)


def test_nobody_need_look_at_sessions_that_were_held_or_at_translations():
    home = a_home()
    series = a_series()
    session = a_session_page(a_series_page(home, series), a_session(series=series))
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    translated = home.copy_for_translation(spanish)

    for page in (session, translated):
        page.save_revision().publish()

    assert not Review.objects.exists()


def test_owner_and_day_hold_at_once_while_the_text_stays_a_draft():
    page = a_section(a_home(), lead="Publicat.")
    old, new = member("Editors"), member("Editors")
    a_review(page, 5, old)
    day = today() + timedelta(days=90)

    send(
        browser(old),
        page,
        lead="Un esborrany.",
        owner=new.pk,
        review_by=f"{day:%d/%m/%Y}",
    )

    page.refresh_from_db()
    assert (page.lead, page.owner, day_of(page)) == ("Publicat.", new, day)
    assert page.get_latest_revision_as_object().lead == "Un esborrany."


def test_a_new_page_has_the_day_that_its_form_said():
    home = a_home()
    editor = member("Editors")
    day = today() + timedelta(days=40)
    url = reverse("wagtailadmin_pages:add", args=["cms", "sectionpage", home.pk])
    none = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    sent = {
        "title": "Nova",
        "slug": "nova",
        "body": streamfield([]),
        "contact": rich_text("<p></p>"),
        "comments": none,
        "owner": editor.pk,
        "review_by": f"{day:%d/%m/%Y}",
        "action-publish": "1",
    }

    browser(editor).post(url, nested_form_data(sent))

    page = SectionPage.objects.get(slug="nova")
    assert (page.live, page.owner, day_of(page)) == (True, editor, day)


def test_whoever_looks_after_pages_is_told_once_and_of_all_whose_day_has_come(
    work, smtp_server
):
    home = a_home()
    editor = member("Editors", language="es")
    for slug, days in (("avui", 0), ("ahir", -1), ("aviat", 3)):
        a_review(a_section(home, slug=slug, title=f"Pàgina {slug}"), days, editor)
    a_review(a_section(home, slug="draft", live=False), -1, editor)
    gone = member("Editors", is_active=False)
    a_review(a_section(home, slug="sola"), -1, gone)

    sweep_and(work)
    sweep_and(work)

    [mail] = smtp_server.mails
    assert mail["To"] == editor.email
    assert mail["Subject"] == "Por revisar: 2 páginas suyas"
    assert "Pàgina avui" in text_of(mail)
    assert "Pàgina ahir" in text_of(mail)
    assert "Pàgina aviat" not in text_of(mail)


def test_whoever_takes_over_a_page_whose_day_has_come_is_told(work, smtp_server):
    page = a_section(a_home())
    old, new = member("Editors"), member("Editors")
    a_review(page, 0, old)
    sweep_and(work)

    send(browser(old), page, owner=new.pk, review_by=f"{today():%d/%m/%Y}")
    sweep_and(work)

    assert [mail["To"] for mail in smtp_server.mails] == [old.email, new.email]


def test_one_click_says_that_nothing_has_to_change():
    page = a_section(a_home(), lead="Publicat.")
    page.save_revision().publish()
    before = page.latest_revision_id
    editor = member("Editors")
    a_review(page, -3, editor)
    client = browser(editor)
    assert page.title in client.get("/admin/").content.decode()

    client.post(reverse("reviews:confirm", args=[page.pk]))

    page.refresh_from_db()
    assert day_of(page) == today() + timedelta(days=365)
    assert page.latest_revision_id == before
    entry = PageLogEntry.objects.filter(page=page.pk).latest("pk")
    assert (entry.action, entry.user) == ("cms.reviewed", editor)


def test_looking_at_a_page_never_acts_by_itself():
    page = a_section(a_home())
    editor = member("Editors")
    a_review(page, -3, editor)

    answer = browser(editor).get(reverse("reviews:confirm", args=[page.pk]))

    assert answer.status_code == 405
    assert day_of(page) == today() - timedelta(days=3)


def test_the_report_finds_pages_by_day_owner_type_and_language():
    home = a_home()
    editor = member("Editors")
    late, soon, later = (
        a_section(home, slug=f"p{days}", title=f"Dia {days}") for days in (-1, 10, 200)
    )
    for page, days in ((late, -1), (soon, 10), (later, 200)):
        a_review(page, days, editor if page == late else None)
    Locale.objects.get_or_create(language_code="es")
    client = browser(editor)

    def found(**query: Any) -> list[str]:
        answer = client.get(reverse("reviews:index"), query)
        return [page.title for page in answer.context["object_list"]]

    kind = ContentType.objects.get_for_model(SectionPage).pk
    assert found() == ["Dia -1", "Dia 10", "Dia 200", home.title]
    assert found(due="overdue") == ["Dia -1"]
    assert found(due="soon") == ["Dia -1", "Dia 10"]
    assert found(due="never") == [home.title]
    assert found(owner=editor.pk) == ["Dia -1"]
    assert found(owner="null") == ["Dia 10", "Dia 200", home.title]
    assert found(content_type=kind) == ["Dia -1", "Dia 10", "Dia 200"]
    assert found(locale="es") == []
    exported = client.get(reverse("reviews:index"), {"export": "csv"})
    assert "Dia 10" in exported.getvalue().decode()


def test_the_report_asks_as_few_questions_of_thirty_pages_as_of_one(
    django_assert_max_num_queries,
):
    home = a_home()
    editor = member("Editors")
    client = browser(editor)
    for number in range(30):
        a_review(a_section(home, slug=f"p{number}"), number - 15, editor)
    client.get(reverse("reviews:index"))

    with django_assert_max_num_queries(25):
        client.get(reverse("reviews:index"))


# Words beside the fields --------------------------------------------------------------


def fields_of(panel: Any) -> Iterator[Any]:
    """The panels of one field in `panel`, also in the forms within its form."""
    for child in getattr(panel, "children", ()):
        yield from fields_of(child)
    for child in getattr(panel, "forms", ()):
        yield from fields_of(child)
    if getattr(panel, "empty_child", None):
        yield from fields_of(panel.empty_child)
    if hasattr(panel, "bound_field"):
        yield panel


@pytest.mark.parametrize("kind", [m for m in get_page_models() if m is not Page])
def test_every_field_of_a_page_says_in_catalan_what_it_is_for(kind, rf):
    page, editor = kind(), member("Editors")
    handler = kind.get_edit_handler()
    with translation.override("ca"):
        form = handler.get_form_class()(instance=page, for_user=editor)
        request = rf.get("/admin/")
        request.user = editor
        bound = handler.get_bound_panel(instance=page, request=request, form=form)
        found = {p.field_name: str(p.help_text) for p in fields_of(bound)}
    with translation.override("en"):
        again = handler.get_bound_panel(instance=page, request=request, form=form)
        english = {p.field_name: str(p.help_text) for p in fields_of(again)}

    assert {"title", "lead", "body", "slug", "owner", "review_by"} <= set(found)
    assert [name for name, words in found.items() if not words] == []
    same = [name for name in found if found[name] == english[name]]
    # Labels and help of these two are set when the form is made.
    assert set(same) <= {"go_live_at", "expire_at", "review_by"}


# Going back, taking away --------------------------------------------------------------


def test_an_older_text_comes_back_without_its_owner_and_day():
    page = a_section(a_home(), lead="Primer.")
    first = page.save_revision()
    first.publish()
    page.refresh_from_db()
    page.lead = "Segon."
    page.save_revision().publish()
    editor = member("Editors")
    a_review(page, 20, editor)
    client = browser(editor)
    compare = [page.pk, "earliest", "latest"]
    shown = client.get(
        reverse("wagtailadmin_pages:revisions_compare", args=compare)
    ).content.decode()
    assert "Primer." in shown
    assert "Segon." in shown

    page.lead = "Primer."
    send(
        client,
        page,
        "action-publish",
        revision=first.pk,
        owner=editor.pk,
        review_by=f"{today() + timedelta(days=20):%d/%m/%Y}",
    )

    page.refresh_from_db()
    assert (page.lead, page.owner) == ("Primer.", editor)
    assert day_of(page) == today() + timedelta(days=20)


def test_deleting_a_page_says_first_what_leads_to_it(work):
    home = a_home()
    page = a_section(home, title="Avís legal")
    client = browser(member("Editors"))
    url = reverse("wagtailadmin_pages:delete", args=[page.pk])
    link = f'<p><a linktype="page" id="{page.pk}">Avís legal</a></p>'
    a_section(home, slug="altra", title="Una altra", contact=link)
    work()

    asked = client.get(url).content.decode()
    usage = reverse("wagtailadmin_pages:usage", args=[page.pk])

    assert "1 vegada" in asked
    assert usage in asked
    assert "Una altra" in client.get(usage).content.decode()


def test_an_administrator_gives_a_section_moderation():
    home = a_home()
    page = a_section(home, live=False)
    workflow = Workflow.objects.get()
    assert not page.has_workflow
    form = {
        "name": workflow.name,
        "active": "on",
        "workflow_tasks": {
            "TOTAL_FORMS": 1,
            "INITIAL_FORMS": 1,
            "MIN_NUM_FORMS": 1,
            "MAX_NUM_FORMS": 1000,
            "0": {
                "id": workflow.workflow_tasks.get().pk,
                "task": workflow.workflow_tasks.get().task_id,
                "ORDER": 1,
            },
        },
        "pages": {
            "TOTAL_FORMS": 1,
            "INITIAL_FORMS": 0,
            "MIN_NUM_FORMS": 0,
            "MAX_NUM_FORMS": 1000,
            "0": {"page": page.pk},
        },
    }
    url = reverse("wagtailadmin_workflows:edit", args=[workflow.pk])

    browser(member("Editors")).post(url, nested_form_data(form))
    assert not page.has_workflow

    browser(member("Administrators")).post(url, nested_form_data(form))
    assert page.get_workflow() == workflow
