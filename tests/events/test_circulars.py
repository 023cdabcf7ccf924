"""What is written to people is written once, whoever presses twice."""

from uuid import uuid4

import pytest

from community.models import Message
from events import circulars
from events.models import Circular
from tests.factories import a_registration, a_session, a_user
from tests.together import together


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_form_at_once_send_one_message():
    session = a_session()
    for _ in range(3):
        a_registration(session)
    staff, key = a_user(), uuid4()

    def send() -> bool:
        text = {"ca": "Porteu un exemple."}
        new = Circular(session=session, key=key, subject=text, text=text)
        return circulars.send(new, by=staff)

    sent = together(*[send] * 4)

    assert sorted(sent) == [False, False, False, True]
    assert Circular.objects.get().people == 3
    assert Message.objects.filter(kind="circular").count() == 3
