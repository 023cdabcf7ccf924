"""What stands still until somebody mends it: each trouble is told in words, and has its
way out."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.models import ModelLogEntry

from community.models import User
from community.work.rows import Permanent
from tests.factories.cases import a_unit, a_worker, do, open_task, sorted_to
from tests.factories.trial import a_trial
from workflows.engine import answers, desk, inbox, jobs, retention
from workflows.engine.models import Case, Job


@pytest.fixture
def me(unit) -> User:
    return a_worker(unit)


@pytest.fixture
def failed(trial, unit, me) -> Case:
    """A case whose worker's step failed, for a reason that names somebody."""

    def fail(case: Case) -> None:
        raise ValueError(f"{case.name} <{case.email}>")

    case = a_trial(unit)
    do(case, me, text="Vist")
    trial.act = fail
    for _each in range(Job.MAX_ATTEMPTS):
        Job.objects.update(next_try=case.created)
        jobs.run_due(1)
    trial.act = lambda case: None
    return case


def the_job(case: Case) -> Task:
    return case.process.task_set.get(flow_task_type="JOB")


def problems(client: Client) -> str:
    answer = client.get(reverse("cases:problems"))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def buttons(page: str, words: str) -> list[str]:
    """Where the buttons of `page` with these words lead."""
    forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', page)
    return [address for address, inside in forms if words in inside]


def press(client: Client, page: str, words: str) -> None:
    [address] = buttons(page, words)
    answer = client.post(address, {"to_problems": "1"})
    assert answer.url == reverse("cases:problems"), "there may be more to mend"


def test_a_step_that_failed_is_named_and_tried_again_from_the_list(
    failed, browser_of, me
):
    client = browser_of(me)
    page = problems(client)
    assert "Comptar-ho: it could not be done." in page
    assert "Una prova" in page
    assert "ValueError" not in page
    assert "ada@council.example" not in page

    press(client, page, "Try again")
    assert failed.number not in problems(client)
    jobs.run_due(1)

    assert the_job(failed).status == STATUS.DONE
    assert answers.open_step(failed).flow_task.name == "opinion"


def test_it_can_be_tried_again_from_the_case_too_and_that_is_in_its_history(
    failed, browser_of, me
):
    client = browser_of(me)
    at = reverse("cases:case", args=[failed.number])
    page = " ".join(client.get(at).content.decode().split())
    assert "It could not be done." in page
    [address] = buttons(page, "Try again")

    assert client.post(address).url == at
    jobs.run_due(1)

    page = client.get(at).content.decode()
    assert page.index("Tried again") < page.index("Comptat")
    assert not buttons(page, "Try again")
    entry = ModelLogEntry.objects.get(action=jobs.TRIED_AGAIN)
    assert (entry.user, entry.data) == (me, {"task": the_job(failed).pk})


def test_a_step_that_waits_for_its_next_try_need_not_be_waited_for(
    trial, unit, me, browser_of
):
    case = a_trial(unit)
    do(case, me, text="Vist")

    def fail(case: Case) -> None:
        raise RuntimeError

    trial.act = fail
    jobs.run_due(1)
    trial.act = lambda case: None
    client = browser_of(me)
    assert case.number not in problems(client), "it mends itself, perhaps"
    at = reverse("cases:case", args=[case.number])
    page = " ".join(client.get(at).content.decode().split())
    assert "it is tried again by itself at" in page

    client.post(buttons(page, "Try again")[0])
    jobs.run_due(1)

    assert the_job(case).status == STATUS.DONE


def test_pressed_twice_it_is_tried_once(failed, browser_of, me):
    client = browser_of(me)
    [address] = buttons(problems(client), "Try again")

    for _each in range(2):
        assert client.post(address).status_code == 302

    assert ModelLogEntry.objects.filter(action=jobs.TRIED_AGAIN).count() == 1


@pytest.mark.parametrize("who", ["Readers", "other unit"])
def test_who_may_not_work_on_it_does_not_see_the_button_and_cannot_press_it(
    failed, browser_of, me, unit, who
):
    [address] = buttons(problems(browser_of(me)), "Try again")
    stranger = (
        a_worker(unit, role="Readers")
        if who == "Readers"
        else a_worker(a_unit("Arxiu"))
    )
    client = browser_of(stranger)

    assert buttons(problems(client), "Try again") == []
    client.post(address)

    assert the_job(failed).status == STATUS.ERROR
    assert the_job(failed).job.state == Job.State.FAILED


def test_a_step_of_the_office_is_not_tried_again(failed, browser_of, me, unit):
    case = sorted_to(unit)
    step = [case.number, open_task(case).pk]

    answer = browser_of(me).post(reverse("cases:try_again", args=step))

    assert answer.status_code == 404


def test_a_step_with_somebody_who_left_goes_back_to_the_queue_in_one_press(
    browser_of, me, unit
):
    leaver = a_worker(unit, name="Berta Soler")
    case = sorted_to(unit)
    desk.claim(open_task(case), leaver)
    leaver.is_active = False
    leaver.save()
    client = browser_of(me)
    page = problems(client)
    assert "Berta Soler has it and cannot do it any more." in page

    press(client, page, "Return to the queue")

    assert case.number not in problems(client)
    assert list(inbox.unclaimed(me)) == [case]


def test_a_case_without_a_step_can_be_closed_with_a_reason(browser_of, me, unit):
    case = sorted_to(unit)
    jobs.run_due(1)
    case.process.task_set.filter(pk=open_task(case).pk).update(status="CANCELED")
    client = browser_of(me)
    close = reverse("cases:close", args=[case.number])
    assert f'<a href="{close}">' in problems(client)

    client.post(close, {"reason": "S’ha perdut pel camí", "confirm": "1"})

    assert case.number not in problems(client)


def test_a_mail_that_could_not_be_sent_leads_to_what_to_do_about_it(
    browser_of, me, unit
):
    from community.models import Message

    case = sorted_to(unit)
    mail = Message.objects.filter(order_key=case.thread).first()
    Message.objects.filter(pk=mail.pk).update(state=Message.State.FAILED)
    client = browser_of(me)

    address = reverse("messages:message", args=[mail.pk])
    assert f'<a href="{address}">' in problems(client)
    assert client.get(address).status_code == 200


def test_a_step_that_is_about_to_be_done_is_no_trouble(trial, unit, me, browser_of):
    case = a_trial(unit)
    do(case, me, text="Vist")
    client = browser_of(me)

    assert case.number not in problems(client)
    page = client.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "It is done by itself, soon." in page
    listed = client.get(reverse("cases:all")).content.decode()
    assert "it is done by itself" in listed


def test_a_case_that_was_closed_or_made_anonymous_is_in_no_trouble_any_more(
    failed, browser_of, me
):
    client = browser_of(me)
    desk.cancel(failed, "És repetit", me)
    assert failed.number not in problems(client)

    Task.objects.filter(pk=the_job(failed).pk).update(status=STATUS.ERROR)
    assert failed.number in problems(client)
    retention.erase([Case.objects.get(pk=failed.pk)])
    assert failed.number not in problems(client)


def test_what_failed_is_counted_on_the_first_screen(failed, browser_of, me):
    home = " ".join(browser_of(me).get("/admin/").content.decode().split())

    assert f'<a href="{reverse("cases:problems")}">' in home


def test_permanent_reasons_are_given_up_at_once(trial, unit, me):
    def fail(case: Case) -> None:
        raise Permanent("There is no such thing.")

    trial.act = fail
    case = a_trial(unit)
    do(case, me, text="Vist")

    jobs.run_due(1)

    assert the_job(case).status == STATUS.ERROR
