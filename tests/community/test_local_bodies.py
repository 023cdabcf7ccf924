"""Local bodies: where they come from, and how people find theirs."""

import io

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from community.bodies import Refused, import_bodies, read_rows
from community.models import LocalBody

pytestmark = pytest.mark.django_db

DATA = settings.BASE_DIR / "community" / "data"
MUNICIPALITIES = DATA / "municipis.csv"
FIGURES = {"year": 2025, "source": "indicative"}


def import_file(path, **options) -> str:
    told = io.StringIO()
    call_command("import_local_bodies", str(path), stdout=told, **options)
    return told.getvalue()


@pytest.fixture
def municipalities():
    import_bodies(read_rows(MUNICIPALITIES.read_bytes()), **FIGURES)


@pytest.fixture
def everybody(municipalities):
    import_bodies(read_rows((DATA / "other_bodies.csv").read_bytes()))


@pytest.fixture
def file(tmp_path):
    """Writes a file of local bodies, and returns where it is."""

    def write(text: str, encoding: str = "utf-8"):
        path = tmp_path / "bodies.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


# Importing -----------------------------------------------------------------------


def test_the_311_municipalities_come_in_with_their_figures():
    told = import_file(MUNICIPALITIES, **FIGURES)

    assert "311 new, 0 changed, 0 the same" in told
    assert LocalBody.objects.filter(kind=LocalBody.Kind.MUNICIPALITY).count() == 311
    vic = LocalBody.objects.get(code="08298")
    assert (vic.name, vic.comarca, vic.population) == ("Vic", "Osona", 50796)
    assert (vic.population_year, vic.population_source) == (2025, "indicative")
    # The figure that the home page gives.
    assert LocalBody.objects.filter(population__lte=5000).count() == 177


def test_the_other_bodies_say_what_they_are_and_whose(municipalities):
    import_file(DATA / "other_bodies.csv")

    hisenda = LocalBody.objects.get(code="imhb")
    assert hisenda.kind == LocalBody.Kind.AUTONOMOUS
    assert hisenda.parent.name == "Barcelona"
    councils = LocalBody.objects.filter(kind=LocalBody.Kind.COUNTY_COUNCIL)
    comarques = set(LocalBody.objects.values_list("comarca", flat=True))
    assert {council.comarca for council in councils} <= comarques


def test_importing_again_changes_nothing(municipalities):
    before = list(LocalBody.objects.order_by("pk").values())

    told = import_file(MUNICIPALITIES, **FIGURES)

    assert "0 new, 0 changed, 311 the same" in told
    assert list(LocalBody.objects.order_by("pk").values()) == before


def test_a_new_figure_is_taken_and_told_and_what_is_not_in_the_file_stays(
    municipalities, file
):
    key = LocalBody.objects.get(code="08004").pk

    told = import_file(
        file("code,name,population\n08004,Alpens,280\n"), year=2026, source="Idescat"
    )

    assert "population 267 → 280" in told
    assert "population_source indicative → Idescat" in told
    assert "0 new, 1 changed, 0 the same" in told
    alpens = LocalBody.objects.get(code="08004")
    assert (alpens.pk, alpens.population, alpens.population_year) == (key, 280, 2026)
    assert alpens.comarca == "Lluçanès"
    assert LocalBody.objects.count() == 311


def test_a_body_that_is_renamed_is_found_by_its_new_name(municipalities, file):
    import_file(file("code,name\n08004,Alpens de Dalt\n"))

    assert LocalBody.objects.named("alpens de dalt").code == "08004"


def test_a_dry_run_says_the_same_and_writes_nothing(municipalities, file):
    changes = file("code,name,population\n08004,Alpens,280\n08999,Nova,10\n")
    before = list(LocalBody.objects.order_by("pk").values())

    told = import_file(changes, year=2026, source="Idescat", dry_run=True)

    assert list(LocalBody.objects.order_by("pk").values()) == before
    assert "1 new, 1 changed, 0 the same" in told
    assert told.removesuffix("Nothing was written.\n") == import_file(
        changes, year=2026, source="Idescat"
    )


def test_a_file_with_bad_rows_is_refused_whole_with_every_line_and_reason(file):
    bad = file(
        "code,kind,name,parent,population\n"
        "08001,,Abrera,,13227\n"
        "8002,,Aguilar de Segarra,,292\n"
        "08003,,Alella,,10.262\n"
        "08001,,Abrera,,13227\n"
        "08004,,,,267\n"
        "imhb,autonomous_body,Institut,08019,\n"
        "own,own,Itself,own,\n"
        "08005,,L'Ametlla\n"
        f"08006,,{'A' * 201},,\n"
        "08007,,A\N{RIGHT-TO-LEFT OVERRIDE}B,,\n"
        f"08008,,Huge,,{'9' * 30}\n"
    )
    with pytest.raises(CommandError) as refused:
        import_file(bad, **FIGURES)
    assert "line 9: 3 cells where there are 5 columns" in str(refused.value)

    bad.write_text(bad.read_text().replace("08005,,L'Ametlla\n", ""))
    with pytest.raises(CommandError) as refused:
        import_file(bad, **FIGURES)

    words = str(refused.value)
    for fault in (
        "line 3: code '8002' is not an INE code",
        "line 4: population '10.262' is not a whole number",
        "line 5: code 08001 is on line 2 too",
        "line 6: no name",
        "line 7: parent '08019' is no body listed before",
        "line 8: kind 'own' is none of",
        "line 8: parent 'own' is no body listed before",
        "line 9: name is longer than 200 characters",
        "line 10: name has characters that cannot be shown",
        "line 11: population '9999",
    ):
        assert fault in words
    assert "line 2:" not in words
    assert not LocalBody.objects.exists()


@pytest.mark.parametrize(
    ("text", "encoding", "fault"),
    [
        ("", "utf-8", "line 1: no column code and no column name"),
        ("code,name\n", "utf-8", "line 1: the file has no bodies"),
        ("code,nom\n08001,Abrera\n", "utf-8", "line 1: no column name"),
        ("code,name,mayor\n", "utf-8", "line 1: unknown column 'mayor'"),
        ("code,name,name\n", "utf-8", "line 1: a column is there twice"),
        ("code;name\n08001;Abrera\n", "utf-8", "line 1: no column code"),
        ("code,name\n08184,Rubí\n", "latin-1", "line 2: not UTF-8"),
        ("code,name\n08184,Rubí\n", "utf-16", "line 1: not UTF-8"),
        ('code,name\n08184,"Rubí\n', "utf-8", "line 2: not CSV"),
        ("code,name\n08184,Ru\0bí\n", "utf-8", "line 2: name has characters"),
        ("code,name\n٠٨١٨٤,Rubí\n", "utf-8", "line 2: code"),
        (
            "code,name,population\n08184,Rubí,82823\n",
            "utf-8",
            "line 2: a population needs the year",
        ),
    ],
)
def test_what_is_no_list_of_bodies_is_refused(file, text, encoding, fault):
    with pytest.raises(CommandError, match=fault):
        import_file(file(text, encoding))

    assert not LocalBody.objects.exists()


def test_a_file_saved_by_a_spreadsheet_is_read(file):
    import_file(file("\ufeffcode,name\r\n08184, Rubí \r\n\r\n"))

    assert LocalBody.objects.get().name == "Rubí"


def test_a_refusal_names_each_fault_to_its_caller():
    with pytest.raises(Refused) as refused:
        import_bodies(read_rows(b"code,name\n1,A\n2,B\n"))

    assert [fault.line for fault in refused.value.faults] == [2, 3]


def test_a_file_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        import_file(tmp_path / "none.csv")


@pytest.mark.parametrize("year", ["twenty", "12026", "-5"])
def test_a_year_is_a_year(file, year):
    with pytest.raises(CommandError, match="year"):
        call_command("import_local_bodies", str(file("code,name\n")), f"--year={year}")


# Finding -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vic", "Vic"),
        ("VIC", "Vic"),
        ("hospitalet", "L'Hospitalet de Llobregat"),
        ("L’Hospitalet de Llobregat", "L'Hospitalet de Llobregat"),
        ("llobregat sant feliu", "Sant Feliu de Llobregat"),
        ("rubi", "Rubí"),
        ("barcelona", "Barcelona"),
        ("consorci aoc", "Consorci AOC (Administració Oberta de Catalunya)"),
        ("consell comarcal d’osona", "Consell Comarcal d'Osona"),
    ],
)
def test_what_people_write_names_one_body(everybody, text, name):
    assert LocalBody.objects.named(text).name == name


@pytest.mark.parametrize("text", ["sant feliu", "Atlantis", "", "’", "  "])
def test_what_names_several_or_none_is_not_guessed(everybody, text):
    assert LocalBody.objects.named(text) is None


def test_a_part_of_the_name_finds_all_who_have_it(everybody):
    found = LocalBody.objects.matching("sant feliu")

    assert {body.name for body in found} == {
        "Sant Feliu de Codines",
        "Sant Feliu de Llobregat",
        "Sant Feliu Sasserra",
    }


def test_the_very_name_comes_first_then_those_that_begin_with_it(everybody):
    names = [body.name for body in LocalBody.objects.matching("vic")]

    assert names[0] == "Vic"
    assert "Sant Vicenç dels Horts" in names
