"""The tools of the kit, as editors keep them."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.factories import a_user
from tests.factories.caravan import VISIT, a_house, at
from tests.factories.cases import a_worker
from tests.papers import facts, read
from workflows.caravan.kits import doing, making
from workflows.caravan.kits import seed as kit_seed
from workflows.caravan.models import Tool

pytestmark = pytest.mark.django_db

LIST = "/admin/tool/"


@pytest.fixture(autouse=True)
def _planted():
    kit_seed.plant()


@pytest.fixture
def editor():
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user(is_superuser=True, is_staff=True))
    return client


def the(code: str) -> Tool:
    return Tool.objects.get(code=code)


def edit(tool: Tool) -> str:
    return f"{LIST}edit/{tool.pk}/"


def written(tool: Tool | None, client: Client, **changes: str) -> dict[str, str]:
    """What the form of `tool` has, with `changes`."""
    page = client.get(edit(tool) if tool else f"{LIST}new/")
    form = page.context["form"]
    data = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if name in ("title", "text"):
            for number, language in enumerate(("ca", "es", "en")):
                data[f"{name}_{number}"] = (value.data or {}).get(language, "")
        elif value not in (None, False):
            data[name] = value
    return {**data, **changes}


def test_ten_tools_come_with_the_site_and_are_planted_once():
    assert Tool.objects.count() == 10
    required = Tool.objects.filter(required=True).values_list("code", flat=True)
    assert set(required) == {"interview", "images-consent", "publishing-consent"}
    the("agenda").delete()

    assert kit_seed.plant() == 0

    assert not Tool.objects.filter(code="agenda").exists()


def test_what_an_editor_saves_is_what_the_next_kit_says(editor):
    tool = the("agenda")

    sent = editor.post(edit(tool), written(tool, editor, text_0="Hola, {host}."))

    assert sent.status_code == 302
    version = the("agenda").latest
    assert version.words["ca"]["text"] == "Hola, {host}."
    assert "Welcome" in version.words["en"]["text"]
    assert version.by.is_superuser


def test_a_version_that_nobody_was_given_is_written_over(editor):
    tool = the("agenda")

    editor.post(edit(tool), written(tool, editor, text_0="Hola."))

    assert tool.versions.count() == 1


def test_once_a_kit_was_made_of_it_a_version_stays_and_another_is_begun(editor):
    stop = at(VISIT)
    tool = the("agenda")
    before = tool.latest.words

    editor.post(edit(tool), written(tool, editor, text_0="Hola."))

    first, second = tool.versions.order_by("number")
    assert first.words == before
    assert (second.number, second.words["ca"]["text"]) == (2, "Hola.")
    assert stop.kit.get(tool=tool).version == first
    page = editor.get(edit(tool)).content.decode()
    for number in (1, 2):
        address = f"/admin/tool/{tool.pk}/versions/{number}/ca.pdf"
        assert address in page
        assert facts(editor.get(address).content)["Tagged"] == "yes"
    first_one = editor.get(f"/admin/tool/{tool.pk}/versions/1/ca.pdf").content
    assert "Benvinguda" in read(first_one)


def test_saving_what_it_says_already_is_no_version(editor):
    at(VISIT)
    tool = the("agenda")

    editor.post(edit(tool), written(tool, editor))

    assert tool.versions.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hola {nonsense}", "There is no field {nonsense}."),
        ("Hola {host.name}", "There is no field {host.name}."),
        ("Hola {host", "There is a brace without its other half."),
        ("Som a {place}", "Not every stop has {place}"),
        ("", "It is missing."),
    ],
)
def test_a_broken_field_is_a_clear_error_and_nothing_typed_is_lost(editor, text, said):
    tool = the("agenda")
    before = tool.latest.words

    page = editor.post(edit(tool), written(tool, editor, text_1=text, title_2="Kept"))

    assert page.status_code == 200
    html = page.content.decode()
    assert "Spanish: " in html
    assert said in html
    assert "Kept" in html
    assert the("agenda").latest.words == before


def test_a_title_has_no_fields(editor):
    tool = the("agenda")

    page = editor.post(edit(tool), written(tool, editor, title_0="De {host}"))

    assert "A title cannot have fields" in page.content.decode()


def test_of_two_who_change_it_at_once_one_wins_and_the_other_is_told(editor):
    tool = the("agenda")
    mine = written(tool, editor, text_0="El meu.")
    editor.post(edit(tool), written(tool, editor, text_0="El seu."))

    late = editor.post(edit(tool), mine)

    assert "Somebody has changed its words" in late.content.decode()
    assert "El meu." in late.content.decode()
    assert the("agenda").latest.words["ca"]["text"] == "El seu."
    # What the page asks for: save once more.
    again = {**mine, "seen": late.context["form"].data["seen"]}
    assert editor.post(edit(tool), again).status_code == 302
    assert the("agenda").latest.words["ca"]["text"] == "El meu."


def test_a_new_tool_is_in_the_kits_to_come(editor):
    sent = editor.post(
        f"{LIST}new/",
        written(
            None,
            editor,
            code="map",
            what="guide",
            order="5",
            active="on",
            title_0="Com s’hi arriba",
            text_0="[Som a {place}. ]Hi arribeu en tren.",
        ),
    )

    assert sent.status_code == 302
    stop = at(VISIT)
    assert stop.kit.filter(tool__code="map").exists()


def test_it_is_looked_at_on_paper_as_typed_with_a_real_stop_and_nothing_is_saved(
    editor,
):
    stop = at(VISIT, a_house())
    tool = the("agenda")
    typed = written(tool, editor, text_0="Prova: {host}, {title}.", preview="1")

    real = editor.post(edit(tool), {**typed, "shown_with": str(stop.pk)})
    invented = editor.post(edit(tool), {**typed, "shown_with": ""})

    assert real["Content-Type"] == "application/pdf"
    assert f"Prova: Rubí, {stop.title}." in read(real.content)
    assert "Prova: Ajuntament de Vilamostra" in read(invented.content)
    assert "Prova" not in the("agenda").latest.words["ca"]["text"]


def test_with_a_broken_field_there_is_nothing_to_look_at_but_the_error(editor):
    tool = the("agenda")

    page = editor.post(edit(tool), written(tool, editor, text_0="{x}", preview="1"))

    assert "There is no field {x}." in page.content.decode()


def test_a_tool_that_a_kit_has_is_not_deleted(editor):
    at(VISIT)
    tool = the("agenda")

    editor.post(f"{LIST}delete/{tool.pk}/")

    assert Tool.objects.filter(pk=tool.pk).exists()


def test_who_may_not_change_tools_does_not(client):
    somebody = a_user(is_staff=True)
    somebody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(somebody)
    tool = the("agenda")

    for address in (LIST, edit(tool), f"/admin/tool/{tool.pk}/versions/1/ca.pdf"):
        assert client.get(address).status_code in (302, 403)


def test_the_case_names_the_tool_that_spoils_its_kit_until_it_is_mended(editor):
    house = a_house()
    stop = at(VISIT, house)
    office = Client(headers={"accept-language": "en"})
    office.force_login(a_worker(house.unit))
    tool = the("agenda")
    version = tool.latest
    version.words["ca"]["text"] = "Hola {gone}."
    version.save()
    making.run_due(10)
    [part] = doing.faults(stop)
    assert part.tool == tool
    case = reverse("cases:case", args=[stop.case.number])
    seen, by_office = (one.get(case).content.decode() for one in (editor, office))
    assert "{gone}" in part.fault
    assert (part.fault in seen, part.fault in by_office) == (True, True)
    # Who may not change it is told all the same.
    assert (edit(tool) in seen, edit(tool) in by_office) == (True, False)

    editor.post(edit(tool), written(tool, editor, text_0="Hola, {host}."))
    making.run_due(10)

    assert doing.faults(stop) == []
    assert part.fault not in editor.get(case).content.decode()
    [file] = stop.kit.get(tool=tool).files.all()
    assert "Hola, Rubí." in read(bytes(file.content))
