"""Pages kept for everybody: who gets which, what makes them new, and what they cost."""

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.template import Context, RequestContext, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, PageViewRestriction, Site

from cms.caching import memory
from cms.caching import shared as shared_cache
from cms.caching.offering import offer
from cms.models import CustomDocument, CustomImage, HomePage, Material, Speaker
from cms.settings.base import caches as caches_at
from events import registrations, sessions
from events.registrations import Reason
from tests.factories import a_registration, a_series, a_session, a_user, an_applicant
from tests.factories.pages import a_home, a_series_page, a_session_page, an_agenda

# A transaction that commits, as a site's do: that is when pages are forgotten.
pytestmark = pytest.mark.django_db(transaction=True)


# Wagtail leaves the file of a picture that it scales to be collected.
with_pictures = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def remembered(settings, tmp_path: Path) -> Iterator[None]:
    settings.REMEMBERED_SECONDS = 60
    settings.MEDIA_ROOT = tmp_path
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def place() -> SimpleNamespace:
    """A site with one session in a series, and the pages of both."""
    home = a_home()
    series = a_series(title="Dijous GOmunicipal")
    session = a_session(30, series=series)
    series_page = a_series_page(home, series)
    return SimpleNamespace(
        home=home,
        series=series,
        session=session,
        series_page=series_page,
        session_page=a_session_page(series_page, session),
        agenda=an_agenda(home),
    )


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def is_kept(address: str, client: Client | None = None, **headers) -> bool:
    """Whether the second of two visitors gets what was rendered for the first."""
    (client or Client()).get(address, **headers)
    return not queries(lambda: Client().get(address, **headers))


# What it costs


@pytest.mark.parametrize("which", ["home", "series_page", "session_page", "agenda"])
def test_a_page_that_somebody_has_seen_asks_the_database_nothing(which, place):
    address = getattr(place, which).url
    first = Client().get(address)

    second = Client()
    assert queries(lambda: second.get(address)) == 0

    again = second.get(address)
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Content-Security-Policy"]
    assert again["Content-Language"] == "ca"


@with_pictures
@pytest.mark.parametrize("which", ["home", "series_page", "session_page", "agenda"])
def test_a_page_for_somebody_we_know_asks_little_with_photos_too(which, place):
    photo = CustomImage.objects.create(title="Retrat", file=get_test_image_file())
    for number in range(5):
        name = f"Persona {number}"
        Speaker.objects.create(session=place.session, name=name, photo=photo)
    for number in range(30):
        starts = timezone.now() + timedelta(days=number - 15)
        held = a_session(30, series=place.series, starts=starts)
        document = CustomDocument.objects.create(
            title="Guia", file=ContentFile(b"x", name="guia.pdf")
        )
        Material.objects.create(session=held, title="Guia", document=document)
    client = Client()
    client.force_login(a_user())
    address = getattr(place, which).url
    client.get(address)

    assert queries(lambda: client.get(address)) <= 12


def test_a_session_without_page_is_kept_in_each_language():
    a_home()
    session = a_session(30, title={"ca": "Dades", "es": "Datos"})
    address = f"/s/{session.code}/"

    assert is_kept(address, HTTP_ACCEPT_LANGUAGE="ca")
    assert "Dades" in Client().get(address, HTTP_ACCEPT_LANGUAGE="ca").text
    assert "Datos" in Client().get(address, HTTP_ACCEPT_LANGUAGE="es").text
    assert "Accept-Language" in Client().get(address)["Vary"]


def test_what_is_kept_is_not_sent_to_who_has_it(place):
    response = Client().get(place.home.url)

    again = Client().get(place.home.url, HTTP_IF_NONE_MATCH=response["ETag"])

    assert again.status_code == 304
    assert not again.content
    assert again["Cache-Control"] == response["Cache-Control"]


def test_a_calendar_file_is_not_sent_to_who_has_it(place):
    address = f"/cal/ca/s/{place.session.code}.ics"
    known = {"HTTP_IF_NONE_MATCH": Client().get(address)["ETag"]}
    assert Client().get(address, **known).status_code == 304

    starts = place.session.starts + timedelta(days=1)
    sessions.move(place.session, starts=starts, ends=starts + timedelta(hours=1))

    assert Client().get(address, **known).status_code == 200


# Another's page


def test_nobody_gets_the_page_of_somebody_who_is_signed_in(place):
    staff = Client()
    staff.force_login(a_user(is_superuser=True))

    own = staff.get(place.home.url)
    anybodys = Client().get(place.home.url)

    assert "/admin/" in own.text
    assert "/admin/" not in anybodys.text
    assert "/admin/" in staff.get(place.home.url).text
    for response in (own, staff.get(place.home.url)):
        assert "private" in response["Cache-Control"]


def test_browsers_and_proxies_ask_again_and_keep_nothing_of_a_persons_own(place):
    registration = a_registration(place.session)
    shared = (place.home.url, place.session_page.url, place.agenda.url, "/cal/ca.ics")
    own = (
        f"/ca/s/{place.session.code}/register/",
        f"/r/{registration.token}/",
        "/ca/account/login/",
        "/admin/login/",
    )
    for address in shared:
        for _ in range(2):
            response = Client().get(address)
            assert response.status_code == 200
            assert response["Cache-Control"] == "no-cache"
    assert "Cookie" in Client().get(place.home.url)["Vary"]
    for address in own:
        response = Client().get(address, follow=True)
        assert "private" in response["Cache-Control"]


def test_a_message_is_said_to_one_person_once(place):
    Client().get(place.home.url)
    signed_out = Client()
    signed_out.force_login(a_user())
    signed_out.post("/ca/account/logout/")
    # As a browser does with what was taken back.
    del signed_out.cookies["sessionid"]
    with_message = signed_out.get(place.home.url)

    assert 'role="status"' in with_message.text
    assert 'role="status"' not in Client().get(place.home.url).text


def test_a_page_with_a_token_against_forgery_is_not_kept(place, monkeypatch):
    def with_token(page, request, *args, **kwargs):
        return {"page": page, "request": request, "token": get_token(request)}

    monkeypatch.setattr(HomePage, "get_context", with_token)
    returning = Client()
    returning.get(place.home.url)
    assert returning.cookies["csrftoken"]

    for client in (Client(), returning):
        assert "csrftoken" in client.get(place.home.url).cookies
        assert "csrftoken" in Client().get(place.home.url).cookies


def test_a_private_page_is_shown_to_nobody_from_memory(place):
    Client().get(place.series_page.url)
    assert is_kept(place.series_page.url)

    PageViewRestriction.objects.create(
        page=place.series_page, restriction_type=PageViewRestriction.LOGIN
    )
    member = Client()
    member.force_login(a_user())

    for address in (place.series_page.url, place.session_page.url):
        assert Client().get(address).status_code == 302
        assert member.get(address).status_code == 200
        assert Client().get(address).status_code == 302


def test_a_draft_and_its_preview_are_shown_to_nobody(place):
    place.home.hero_title = "Encara no"
    place.home.save_revision()
    place.home.make_preview_request()
    editor = Client()
    editor.force_login(a_user(is_superuser=True))
    preview = editor.get(f"/admin/pages/{place.home.pk}/view_draft/")

    assert "Encara no" in preview.text
    assert "Encara no" not in Client().get(place.home.url).text

    dummy = place.home.make_preview_request()
    assert "Encara no" in dummy.text


def test_what_is_shared_by_all_readers_knows_none_of_them(place, rf):
    words = "{{ user }} {{ perms.x.y }} {{ csrf_token }} {{ messages }}"
    cookies = "{{ request.COOKIES }} {{ request.user }} {{ request.session.own }}"
    part = Template(
        f"{{% load everybody %}}{{% shared x %}}{words}{cookies}{{% endshared %}}"
    )

    def read(user, **values) -> str:
        request = rf.get("/ca/")
        request.user, request.session = user, {"own": "mine-1"}
        request.COOKIES = {"scheme": "mine-2"}
        request._messages = ["mine-3"]
        offer(request, {})
        context = {"user": user, "messages": ["mine-4"], "perms": {"x": {"y": "mine"}}}
        return part.render(RequestContext(request, {**context, **values}))

    first = read(a_user(name="mine", is_superuser=True), csrf_token="mine-5")

    assert "mine" not in first
    assert "AnonymousUser" in first
    assert read(AnonymousUser()) == first


def test_what_all_pages_share_depends_on_what_it_names_and_on_nothing_else(place, rf):
    part = Template(
        "{% load everybody %}{% shared x of menu %}"
        "{{ menu }}{{ page }}{{ request.path }}{{ user }}{{ csrf_token }}"
        "{% endshared %}"
    )

    def read(path: str, menu: str, offered: bool = True) -> str:
        request = rf.get(path)
        if offered:
            offer(request, {})
        context = {"menu": menu, "page": "of-mine", "user": "mine", "csrf_token": 1}
        return part.render(Context({**context, "request": request}))

    assert read("/ca/mine/?mine=1", "first") == "firstAnonymousUser"
    assert read("/ca/", "first") == "firstAnonymousUser"
    assert read("/ca/", "second") == "secondAnonymousUser"
    assert "of-mine/ca/" in read("/ca/", "first", offered=False)


def test_the_head_of_a_page_says_who_is_signed_in_to_her_alone(place):
    reader = Client()
    reader.force_login(a_user(name="Mercè Vila"))
    # No page is kept of a query that none knows: its parts are.
    asked = place.home.url + "?when=odd"

    for _ in range(2):
        assert "Mercè Vila" in reader.get(asked).text
        anybodys = Client().get(asked)
        assert "Mercè Vila" not in anybodys.text
        assert anybodys.text.count('href="/ca/account/login/"') == 3


def test_the_head_of_a_page_says_where_one_is(place):
    for page in (place.home, place.agenda):
        page.show_in_menus = True
        page.save()
    asked = "?when=odd"
    Client().get(place.home.url + asked)
    here = f'<a href="{place.agenda.url}" aria-current="page">'

    assert here in Client().get(place.agenda.url + asked).text
    assert here not in Client().get(place.home.url + asked).text


def test_a_page_that_is_kept_whole_is_not_kept_in_parts_too(place):
    Client().get(place.session_page.url)

    kept = [each for each in caches["pages"]._cache.values() if b"<h1" in each]
    assert len(kept) == 1


def test_somebody_we_know_sees_a_change_at_once(place):
    reader = Client()
    reader.force_login(a_user())
    assert "Anul·lada" not in reader.get(place.session_page.url).text

    sessions.cancel(place.session)

    assert "Anul·lada" in reader.get(place.session_page.url).text


@pytest.mark.parametrize("which", ["session_page", "agenda"])
def test_somebody_we_know_sees_no_draft_but_in_its_preview(which, place):
    editor = Client()
    editor.force_login(a_user(is_superuser=True))
    page = getattr(place, which)
    editor.get(page.url)
    page.lead = "Encara no"
    page.save_revision()

    preview = editor.get(f"/admin/pages/{page.pk}/view_draft/")

    assert "Encara no" in preview.text
    for host in ("testserver", "testserver:80"):
        assert "Encara no" not in editor.get(page.url, HTTP_HOST=host).text


def test_each_host_language_and_scheme_has_its_own_page(place):
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    other = place.home.copy_for_translation(spanish, copy_parents=True)
    other.hero_title = "Juntos"
    other.save_revision().publish()
    elsewhere = HomePage(title="Altra", hero_title="Una altra casa", slug="altra")
    elsewhere.locale = place.home.locale
    place.home.get_parent().add_child(instance=elsewhere)
    Site.objects.create(hostname="altra.cat", port=80, root_page=elsewhere)

    for _ in range(2):
        assert "Plegats" in Client().get("/ca/").text
        assert "Juntos" in Client().get("/es/").text
        assert "Una altra casa" in Client().get("/ca/", HTTP_HOST="altra.cat").text
        assert "https" not in Client().get("/ca/").get("Strict-Transport-Security", "")
        for scheme in ("light", "dark"):
            client = Client()
            client.cookies["scheme"] = scheme
            assert f'data-theme="{scheme}"' in client.get("/ca/").text
        assert "data-theme" not in Client().get("/ca/").text


def test_cookies_of_others_make_no_difference_and_no_new_page(place):
    Client().get(place.home.url)
    client = Client()
    client.cookies["_ga"] = "GA1.2.3"
    client.cookies["scheme"] = "<script>"

    assert queries(lambda: client.get(place.home.url)) == 0
    assert "<script>" not in client.get(place.home.url).text


def test_asking_for_the_head_alone_neither_keeps_nor_spoils_a_page(place, monkeypatch):
    serve = HomePage.serve

    def without_body(page, request, *args, **kwargs):
        response = serve(page, request, *args, **kwargs)
        return response if request.method == "GET" else HttpResponse(b"")

    monkeypatch.setattr(HomePage, "serve", without_body)
    head = Client().head(place.home.url)
    assert head.status_code == 200
    assert not head.content

    response = Client().get(place.home.url)

    assert response.content
    assert queries(lambda: Client().head(place.home.url)) == 0
    assert Client().get(place.home.url).content == response.content


@pytest.mark.parametrize("trouble", [Http404, PermissionDenied])
def test_no_error_is_kept(trouble, place, monkeypatch):
    with monkeypatch.context() as broken:

        def fail(*args, **kwargs):
            raise trouble

        broken.setattr(HomePage, "get_context", fail)
        assert Client().get(place.home.url).status_code >= 400

    assert "Plegats" in Client().get(place.home.url).text


def test_what_is_not_there_is_not_kept(place):
    assert Client().get("/ca/encara-no/").status_code == 404

    a_series_page(place.home, place.series, slug="encara-no")

    assert Client().get("/ca/encara-no/").status_code == 200


# Queries


def test_a_query_that_no_page_reads_gives_the_page_that_is_kept(place):
    Client().get(place.home.url)

    for query in ("?utm_source=x", "?fbclid=1", "?q=" + "x" * 5000, "?format="):
        assert queries(lambda query=query: Client().get(place.home.url + query)) == 0


def test_nothing_of_a_strangers_query_gets_into_a_page(place):
    first = Client().get(place.home.url + "?secret=of-mine&page=of-mine&when=of-mine")

    assert "of-mine" not in first.text
    assert "of-mine" not in Client().get(place.home.url).text


def test_each_choice_of_the_agenda_is_kept_by_itself(place):
    a_session(30, title="En persona", format="in_person", place="Vic")
    chosen = place.agenda.url + "?format=in_person"

    for _ in range(2):
        assert "Dades obertes" in Client().get(place.agenda.url).text
        assert "Dades obertes" not in Client().get(chosen).text
    assert is_kept(chosen + "&utm_source=x&series=")
    assert 'value="/ca/agenda/?format=in_person"' in Client().get(chosen).text


def test_choices_that_do_not_exist_fill_no_memory(place):
    for query in ("?format=odd", "?series=odd", "?page=77", "?page=-1", "?when=odd"):
        assert not is_kept(place.agenda.url + query)
    assert not is_kept(place.home.url + "?page=2")


# What makes pages new


def _publish(place):
    place.home.hero_title = "Tot nou"
    place.home.save_revision().publish()


def _unpublish(place):
    place.series_page.unpublish()


def _move(place):
    place.series_page.slug = "mogut"
    place.series_page.save_revision().publish()


def _reorder(place):
    place.agenda.move(place.series_page, pos="left")


def _delete(place):
    place.series_page.delete()


def _menu(place):
    place.agenda.show_in_menus = True
    place.agenda.save_revision().publish()


def _name(place):
    place.series.title = "Divendres"
    place.series.save()


def _announce(place):
    draft = a_session(30, series=place.series, state="draft", title="Nova")
    Client().get(place.home.url)
    sessions.announce(draft)


def _postpone(place):
    sessions.postpone(place.session)


def _cancel(place):
    sessions.cancel(place.session)


def _date(place):
    starts = place.session.starts + timedelta(days=3)
    sessions.move(place.session, starts=starts, ends=starts + timedelta(hours=1))


def _capacity(place):
    sessions.resize(place.session, online=0, in_person=None)


@pytest.mark.parametrize(
    "change",
    [
        _publish,
        _unpublish,
        _move,
        _reorder,
        _delete,
        _menu,
        _name,
        _announce,
        _postpone,
        _cancel,
        _date,
        _capacity,
    ],
)
def test_a_change_that_can_be_seen_is_seen_at_once(change, place):
    place.agenda.show_in_menus = True
    place.agenda.save()
    before = [Client().get(place.home.url).text, Client().get(place.agenda.url).text]
    if change is _menu:
        place.agenda.show_in_menus = False
        place.agenda.save()
        before[0] = Client().get(place.home.url).text

    change(place)

    after = [Client().get(place.home.url).text, Client().get(place.agenda.url).text]
    assert after != before


@with_pictures
def test_whoever_speaks_and_what_remains_is_seen_at_once(place):
    address = place.session_page.url
    Client().get(address)
    photo = CustomImage.objects.create(title="Retrat", file=get_test_image_file())

    Speaker.objects.create(session=place.session, name="Persona Nova", photo=photo)
    assert "Persona Nova" in Client().get(address).text

    document = CustomDocument.objects.create(
        title="Guia", file=ContentFile(b"x", name="guia.pdf")
    )
    Material.objects.create(session=place.session, title="Guia", document=document)
    assert document.url in Client().get(address).text

    before = Client().get(address).text
    photo.file = get_test_image_file("altre.png", colour="red")
    photo.save()
    photo.renditions.all().delete()
    assert Client().get(address).text != before


def _place_one(place):
    registrations.place(place.session, an_applicant())


def _give_up(place):
    registrations.cancel(place.session.registrations.first(), Reason.PERSON)


def _not_me(place):
    registrations.not_me(place.session.registrations.first())


def _grant(place):
    waiting = place.session.registrations.waiting().first()
    registrations.grant(waiting, by=a_user(), reason="x")


@pytest.mark.parametrize("verb", [_place_one, _give_up, _not_me, _grant])
def test_a_place_taken_or_freed_is_seen_at_once(verb, place):
    sessions.resize(place.session, online=2, in_person=None)
    if verb is not _place_one:
        for _ in range(2 if verb is not _grant else 3):
            a_registration(place.session)
    caches["pages"].clear()
    before = Client().get(place.session_page.url).text

    verb(place)

    assert Client().get(place.session_page.url).text != before


def test_while_many_register_pages_are_kept_and_at_most_seconds_old(place):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        Client().get(place.session_page.url)
        a_registration(place.session)
        assert "1 de 30" in Client().get(place.session_page.url).text

        a_registration(place.session)
        assert is_kept(place.session_page.url)

        clock.shift(memory.HURRIED + 1)
        assert "2 de 30" in Client().get(place.session_page.url).text


def test_a_date_is_never_kept_back_by_people_who_register(place):
    a_registration(place.session)
    Client().get(place.session_page.url)

    sessions.cancel(place.session)

    assert "Anul·lada" in Client().get(place.session_page.url).text


@pytest.mark.parametrize("turn", ["opens", "closes", "starts", "ends"])
def test_what_the_clock_changes_is_seen_at_the_very_second(turn, place):
    moment = place.session.starts - timedelta(days=1)
    if turn in ("starts", "ends"):
        moment = getattr(place.session, turn)
    else:
        setattr(place.session, turn, moment)
        place.session.save()
    address = place.session_page.url

    with time_machine.travel(moment - timedelta(seconds=20), tick=False) as clock:
        before = Client().get(address).text
        assert is_kept(address)
        clock.shift(21)
        assert Client().get(address).text != before


def test_nothing_is_older_than_a_minute(place):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        Client().get(place.home.url)
        # As another process would, whose changes this one does not hear of.
        HomePage.objects.filter(pk=place.home.pk).update(hero_title="En silenci")
        assert "En silenci" not in Client().get(place.home.url).text

        clock.shift(61)
        assert "En silenci" in Client().get(place.home.url).text


def test_what_was_rendered_before_a_change_is_not_kept_after_it(place, monkeypatch):
    serve = HomePage.serve

    def change_meanwhile(page, request, *args, **kwargs):
        response = serve(page, request, *args, **kwargs).render()
        monkeypatch.setattr(HomePage, "serve", serve)
        sessions.cancel(place.session)
        return response

    monkeypatch.setattr(HomePage, "serve", change_meanwhile)
    before = Client().get(place.home.url).text

    assert Client().get(place.home.url).text != before


def test_what_is_rendered_before_a_commit_is_forgotten_after_it(place):
    with transaction.atomic():
        place.series.title = "Divendres"
        place.series.save()
        # What another visitor would get now is of before.
        generation = caches["pages"].get(memory.GENERATION)

    assert caches["pages"].get(memory.GENERATION) != generation


def test_a_rehearsal_and_a_draft_leave_pages_as_they_are(place):
    Client().get(place.home.url)

    registrations.rehearse(place.session, an_applicant())
    place.home.save_revision()

    assert queries(lambda: Client().get(place.home.url)) == 0


# The server of a shared cache


@pytest.fixture
def dead_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@pytest.fixture
def shared(settings, dead_port, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """The site with a shared cache, which is away until this is called."""
    settings.CACHES = caches_at(f"redis://127.0.0.1:{dead_port}/0")
    shared_cache._lines.clear()
    running: list[subprocess.Popen] = []

    def start() -> None:
        server = shutil.which("valkey-server") or shutil.which("redis-server")
        if server is None:
            pytest.skip("there is no valkey-server or redis-server on this machine")
        options = {"port": dead_port, "bind": "127.0.0.1", "save": "", "dir": tmp_path}
        words = [
            word
            for name, value in options.items()
            for word in (f"--{name}", str(value))
        ]
        running.append(subprocess.Popen([server, *words], stdout=subprocess.DEVNULL))
        for _ in range(100):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", dead_port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the cache did not start")

    yield start
    for server in running:
        server.terminate()
        server.wait(10)
    for alias in ("default", "pages"):
        caches[alias]._cache._pools.clear()
    shared_cache._lines.clear()


def test_without_its_cache_the_site_works_and_says_so_once(place, shared, caplog):
    began = time.monotonic()
    with caplog.at_level(logging.WARNING, "cms"):
        for _ in range(20):
            assert Client().get(place.home.url).status_code == 200
        a_registration(place.session)
        Client().post(f"/ca/s/{place.session.code}/register/", {})

    assert "1 de 30" in Client().get(place.session_page.url).text
    assert [r.message for r in caplog.records if r.name.startswith("cms")] == [
        "The cache is away: ConnectionError"
    ]
    assert time.monotonic() - began < 10


def test_a_cache_that_does_not_answer_is_not_waited_for(place, settings, caplog):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.CACHES = caches_at(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        shared_cache._lines.clear()
        began = time.monotonic()
        with caplog.at_level(logging.WARNING):
            for _ in range(10):
                assert Client().get(place.home.url).status_code == 200
        assert time.monotonic() - began < 5
    assert len(caplog.records) == 1
    shared_cache._lines.clear()


def test_a_cache_that_comes_back_is_used_again(place, shared, caplog, monkeypatch):
    monkeypatch.setattr(shared_cache, "PAUSE", 0)
    assert not is_kept(place.home.url)

    shared()

    assert is_kept(place.home.url)
    said = [r.message for r in caplog.records if r.name == shared_cache.logger.name]
    assert said[-1] == "The cache is back."
    sessions.cancel(place.session)
    assert queries(lambda: Client().get(place.home.url)) != 0
    assert is_kept(place.home.url)
