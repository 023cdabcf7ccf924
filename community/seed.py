"""Demonstration data: the local bodies, one unit, the topics and one account for each
role. What is there already stays as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.models import Group
from i18nfield.strings import LazyI18nString

from community.bodies import import_bodies, read_rows
from community.models import LocalBody, Topic, Unit, UnitMembership, User

DATA = Path(__file__).parent / "data"
# What is known of the populations in municipis.csv.
POPULATIONS = {
    "year": 2025,
    "source": "Xifra indicativa; la font no en diu l’any",
}

UNIT = "govern-obert"
UNIT_NAME = LazyI18nString(
    {
        "ca": "Govern obert i transparència",
        "es": "Gobierno abierto y transparencia",
        "en": "Open government and transparency",
    }
)

# Code, name, tile and glaze.
TOPICS = (
    (
        "transparencia-activa",
        {
            "ca": "Transparència activa",
            "es": "Transparencia activa",
            "en": "Active transparency",
        },
        Topic.Tile.WHEEL,
        1,
    ),
    (
        "acces-informacio",
        {
            "ca": "Accés a la informació",
            "es": "Acceso a la información",
            "en": "Access to information",
        },
        Topic.Tile.OPEN,
        3,
    ),
    (
        "gestio-transparencia",
        {
            "ca": "Gestió de la transparència",
            "es": "Gestión de la transparencia",
            "en": "Managing transparency",
        },
        Topic.Tile.BENCH,
        4,
    ),
    (
        "bon-govern",
        {"ca": "Bon govern", "es": "Buen gobierno", "en": "Good governance"},
        Topic.Tile.FLOWER,
        4,
    ),
    (
        "dades-obertes",
        {"ca": "Dades obertes", "es": "Datos abiertos", "en": "Open data"},
        Topic.Tile.SUN,
        2,
    ),
    (
        "serveis-digitals",
        {
            "ca": "Serveis digitals",
            "es": "Servicios digitales",
            "en": "Digital services",
        },
        Topic.Tile.ARCH,
        3,
    ),
)


class Account(NamedTuple):
    """An account to try one role with. Nobody's name: what the role does."""

    role: str
    email: str
    name: str
    group: str | None


EDITOR = "edita@placa.example"
CASE_WORKER = "gestiona@placa.example"
COORDINATOR = "coordina@placa.example"
TECHNICIAN = "ajuntament@placa.example"
REPRESENTATIVE = "alcaldia@placa.example"

ACCOUNTS = (
    Account(
        "administrator",
        "administra@placa.example",
        "Administració (prova)",
        "Administrators",
    ),
    Account(
        "coordinator",
        COORDINATOR,
        "Coordinació (prova)",
        "Coordinators",
    ),
    Account(
        "case worker",
        CASE_WORKER,
        "Gestió d’expedients (prova)",
        "Case workers",
    ),
    Account("editor", EDITOR, "Edició (prova)", "Editors"),
    Account("reader", "consulta@placa.example", "Consulta (prova)", "Readers"),
    Account(
        "municipal technician",
        TECHNICIAN,
        "Tècnica municipal (prova)",
        None,
    ),
    Account(
        "municipal representative",
        REPRESENTATIVE,
        "Alcaldia municipal (prova)",
        None,
    ),
)


def seed(say: Callable[[str], None]) -> None:
    """Plant what is missing; `say` gets a line for each thing done."""
    _plant_bodies(say)
    unit, _new = Unit.objects.get_or_create(code=UNIT, defaults={"name": UNIT_NAME})
    for code, name, tile, glaze in TOPICS:
        values = {"name": LazyI18nString(name), "tile": tile, "glaze": glaze}
        Topic.objects.get_or_create(code=code, defaults=values)
    for account in ACCOUNTS:
        _plant_account(account, unit)


def accounts() -> list[Account]:
    """The demonstration accounts that are there and may sign in."""
    there = User.objects.filter(
        email__in=[account.email for account in ACCOUNTS], is_active=True
    )
    emails = set(there.values_list("email", flat=True))
    return [account for account in ACCOUNTS if account.email in emails]


def _plant_bodies(say: Callable[[str], None]) -> None:
    # Once only: what an operator imported since is newer than our files.
    if LocalBody.objects.exists():
        return
    for name in ("municipis.csv", "other_bodies.csv"):
        outcome = import_bodies(read_rows((DATA / name).read_bytes()), **POPULATIONS)
        say(f"{len(outcome.new)} local bodies from {name}")


def _plant_account(account: Account, unit: Unit) -> None:
    staff = account.group is not None
    user, is_new = User.objects.get_or_create(
        email=account.email,
        defaults={
            "name": account.name,
            "is_staff": staff,
        },
    )
    if not is_new:
        return
    user.set_unusable_password()
    user.save(update_fields=["password"])
    if staff:
        group, _new = Group.objects.get_or_create(name=account.group)
        user.groups.add(group)
    if account.group in ("Case workers", "Editors", "Readers"):
        UnitMembership.objects.create(unit=unit, user=user)
