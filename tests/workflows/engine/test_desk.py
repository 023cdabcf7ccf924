"""What the staff do with a case beside its steps: whether they may is asked of the case
as it is, and not as the page showed it; what is anonymous stays so."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from community.models import Message
from tests.factories.cases import a_unit, a_worker, do, open_task, sorted_to
from workflows.engine import desk, retention
from workflows.engine.models import Case, Entry

pytestmark = pytest.mark.django_db

ACTS = {
    "claim": lambda case, by: desk.claim(open_task(case), by),
    "give back": lambda case, by: desk.give_back(open_task(case), by),
    "take over": lambda case, by: desk.take_over(open_task(case), by),
    "hand over": lambda case, by: desk.hand_over(open_task(case), by, by),
    "answer": lambda case, by: do(case, by, decision="answer", text="Sí"),
    "close": lambda case, by: desk.cancel(case, "No és nostre", by),
    "extend": lambda case, by: desk.extend(case, 2, "Un informe", by),
    "correct": lambda case, by: desk.correct(case, "Plens", None, by),
    "send": lambda case, by: desk.send(case, "Ja hi som", (), by),
    "note": lambda case, by: desk.note(case, "Va trucar", (), by),
}


def as_it_is() -> tuple:
    tables = (Case, Entry, Message)
    return tuple(list(model.objects.order_by("pk").values_list()) for model in tables)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("why", ["unit", "role", "account"])
def test_who_may_not_any_more_does_nothing(act, why):
    unit = a_unit()
    me, case = a_worker(unit), sorted_to(unit)
    if why == "unit":
        Case.objects.filter(pk=case.pk).update(unit=a_unit("Arxiu"))
    elif why == "role":
        me.groups.clear()
    else:
        me.is_active = False
        me.save()
    before = as_it_is()

    with pytest.raises(PermissionDenied):
        ACTS[act](case, me)

    assert as_it_is() == before


@pytest.mark.parametrize("act", ["send", "note", "correct"])
def test_nothing_is_added_to_what_was_made_anonymous(act):
    unit = a_unit()
    me, case = a_worker(unit), sorted_to(unit)
    do(case, me, decision="answer", text="Sí")
    shown = Case.objects.get(pk=case.pk)
    retention.erase([Case.objects.get(pk=case.pk)])
    before = as_it_is()

    assert not ACTS[act](shown, me)
    assert as_it_is() == before


def test_a_note_to_what_was_made_anonymous_is_not_taken(client):
    unit = a_unit()
    me, case = a_worker(unit), sorted_to(unit)
    retention.erase([case])
    client.force_login(me)

    sent = {"text": "Era l’Ada Puig"}
    page = client.post(reverse("cases:note", args=[case.number]), sent, follow=True)

    assert not case.entries.exists()
    assert "Era l’Ada Puig" not in page.content.decode()
    assert 'name="text"' not in page.content.decode()


def test_a_step_is_given_to_nobody_who_may_not_do_it():
    unit = a_unit()
    me, case = a_worker(unit), sorted_to(unit)

    for stranger in (a_worker(a_unit("Arxiu")), a_worker(unit, role="Editors")):
        with pytest.raises(PermissionDenied):
            desk.hand_over(open_task(case), stranger, me)

    assert open_task(case).owner is None
