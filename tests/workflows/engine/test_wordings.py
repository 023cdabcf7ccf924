"""What the coordinators make of our mails: what leaves says it, and nothing else."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils.translation import override

from community.models import Message
from events.wording import long_date
from tests.factories import a_user
from tests.factories.cases import a_consultation
from tests.mail import MailServer
from tests.together import together
from workflows.engine import answers, filling, kinds, letters, wordings
from workflows.engine.letters import WITHDRAWN
from workflows.engine.models import Case, Wording
from workflows.engine.models.wordings import PARTS

RECEIVED = "consultation_received"
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def worded(name: str, language: str = "ca", **texts: str) -> None:
    """Have a coordinator word it so."""
    letter = letters.letter_of(name)
    seen = wordings.mark(wordings.own(wordings.of(letter), language))
    wordings.change(letter, language, texts, seen=seen, by=a_user())


@pytest.fixture
def mail_of(work: Callable, smtp_server: MailServer, db: None) -> Callable:
    """Call it with how a question is asked for the mail that its reader gets: subject,
    plain text and HTML."""

    def ask(**values: str) -> tuple[str, str, str]:
        case = a_consultation(**values)
        work()
        mail = next(m for m in smtp_server.mails if m["To"] == case.email)
        bodies = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        return mail["Subject"], *bodies

    return ask


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_says_what_the_house_says_in_its_language_alone(mail_of, language):
    worded(RECEIVED, "ca", heading="La tenim aquí", text="Us diem\n\nalguna cosa.")
    worded(RECEIVED, "es", heading="Aquí la tenemos")
    letter = letters.letter_of(RECEIVED)

    subject, text, html = mail_of(language=language)

    own = {"ca": "La tenim aquí", "es": "Aquí la tenemos"}
    heading = own.get(language, letter.texts(language)["heading"])
    assert text.startswith(heading)
    assert f">{heading}</h1>" in html
    others = {*own.values(), *(letter.texts(code)["heading"] for code in LANGUAGES)}
    assert not [other for other in others - {heading} if other in text + html]
    assert ("Us diem<br><br>alguna cosa." in html) == (language == "ca")
    assert "/c/" in text, "the link always stays"
    assert "/c/" in html


def test_blanks_are_filled_and_what_lacks_is_left_out(mail_of):
    text = "[Hola, {name}. ]«{title}», {number}[, de {body}][, abans del {day}]."
    worded(RECEIVED, text=text)

    subject, plain, _html = mail_of(title="Actes", name="Ada Puig", language="ca")

    number = subject.rpartition(" ")[2]
    assert f"Hola, Ada Puig. «Actes», {number}, abans del " in plain


def test_a_name_that_is_a_sentence_is_not_said_to_a_stranger(mail_of):
    worded(RECEIVED, text="[Hola, {name}. ]Ho tenim.")

    _subject, plain, html = mail_of(name="Guanyeu diners a https://evil.example")

    assert "Guanyeu" not in plain + html
    assert "Ho tenim." in plain


@pytest.mark.parametrize(
    "typed",
    [
        "{case.token}",
        "{0}",
        "{}",
        "{{number}}",
        "{{ case.token }}",
        "{% load x %}",
        "{number!r}",
        "{number",
        "number}",
        "${number.x}",
        "{NUMBER}",
        "{token}",
        "https://council.example/{number}",
        "www.council.example/{number}",
        "{day}",
        "[{day}",
        "{name}",
    ],
)
def test_what_is_no_blank_of_the_mail_is_a_fault(typed):
    assert letters.letter_of(RECEIVED).faults(f"Ho tenim: {typed}.")


def test_a_mail_never_leaves_without_a_subject():
    assert letters.letter_of(RECEIVED).faults("[{name}] ")


@pytest.mark.parametrize(
    "typed",
    [
        "%(number)s",
        "%s",
        "<script>alert(1)</script>",
        "<b>{number}</b>",
        "[1]",
        "{number}{title}",
        "Hola[, {name} de {body}]",
        "🙂 l·l «»",
    ],
)
def test_what_means_nothing_to_us_is_said_as_it_is(typed):
    assert letters.letter_of(RECEIVED).faults(typed) == []


@pytest.mark.parametrize("typed", ["{case.token}", "{token}", "{{ number }}", "{0}"])
def test_what_is_stored_and_is_not_sound_any_more_is_not_said(mail_of, typed):
    worded(RECEIVED, heading="La tenim", text=f"Ho tenim: {typed}")

    _subject, plain, html = mail_of(language="ca")

    assert "Ho tenim" not in plain + html
    assert plain.startswith("La tenim"), "the other parts are as the house says"


def test_markup_is_text_and_links_of_the_house_can_be_clicked(mail_of):
    worded(
        RECEIVED,
        heading="<script>x</script>",
        text="<img src=x> https://diba.example/guia {title}",
    )

    _subject, plain, html = mail_of(
        title="{number} https://evil.example <i>", language="ca"
    )

    assert "<script>x</script>" in plain
    assert not re.search("<(script|img|i)[ >]", html)
    assert 'href="https://diba.example/guia"' in html
    assert 'href="https://evil.example"' not in html, "who asks chooses the reader"
    assert "{number} https://evil.example" in plain, "a value is not filled again"


def test_a_header_is_one_line_whatever_it_says(mail_of):
    Wording.objects.create(
        letter=RECEIVED, subject='{"ca": "Rebut\\r\\nBcc: eva@evil.example"}'
    )

    subject, _plain, _html = mail_of(language="ca")

    assert subject == "Rebut Bcc: eva@evil.example"


def test_emoji_and_long_texts_arrive_whole(mail_of):
    long = "🙂 Com més llarg millor. " * 200
    worded(RECEIVED, subject="🙂 Rebut", text=long.strip())

    subject, plain, _html = mail_of(language="ca")

    assert subject == "🙂 Rebut"
    assert plain.count("🙂 Com més llarg millor.") == 200


def test_a_mail_that_is_switched_off_does_not_leave_and_the_case_says_so(db):
    case = a_consultation()
    wordings.switch(letters.letter_of(WITHDRAWN), False, by=a_user())

    answers.withdraw(case)

    assert not Message.objects.filter(kind=WITHDRAWN).exists()
    assert [letters.label_of(entry) for entry in letters.not_sent(case)] == [
        str(letters.letter_of(WITHDRAWN).label)
    ]
    wordings.switch(letters.letter_of(WITHDRAWN), True, by=a_user())
    letters.tell(WITHDRAWN, case)
    assert Message.objects.filter(kind=WITHDRAWN).count() == 1


@pytest.mark.parametrize("name", [one.name for one in letters.known() if one.must_go])
def test_what_must_go_goes_whatever_is_stored(db, name):
    with pytest.raises(ValueError, match="must go"):
        wordings.switch(letters.letter_of(name), False, by=a_user())
    Wording.objects.create(letter=name, is_sent=False)

    letters.tell(name, a_consultation())

    assert Message.objects.filter(kind=name).exists()


def test_which_mails_must_go():
    must = {letter.name for letter in letters.known() if letter.must_go}
    assert must >= {
        "case_cancelled",
        "case_extended",
        "consultation_received",
        "consultation_asked_back",
    }


def test_who_comes_second_loses_and_nothing_of_the_first_is_lost(db):
    letter, by = letters.letter_of(RECEIVED), a_user()
    seen = wordings.mark({})
    assert wordings.change(letter, "ca", {"heading": "Primera"}, seen=seen, by=by)

    with pytest.raises(wordings.Stale):
        wordings.change(letter, "ca", {"heading": "Segona"}, seen=seen, by=by)
    with pytest.raises(wordings.Stale):
        wordings.reset(letter, "ca", seen=seen, by=by)
    # Another language is another text.
    assert wordings.change(letter, "es", {"heading": "Otra"}, seen=seen, by=by)

    assert wordings.of(letter).own("ca") == {"heading": "Primera"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_wins():
    letter, by = letters.letter_of(RECEIVED), a_user()

    def says(heading: str, seen: str) -> Callable[[], bool]:
        def act() -> bool:
            try:
                said = {"heading": heading}
                return wordings.change(letter, "ca", said, seen=seen, by=by)
            except wordings.Stale:
                return False

        return act

    for number in range(15):
        seen = wordings.mark(wordings.own(wordings.of(letter), "ca"))
        won = together(*(says(f"{who} {number}", seen) for who in ("Ada", "Berta")))
        assert won.count(True) == 1


def test_what_is_said_as_it_comes_goes_on_coming_with_the_site(db):
    letter, by = letters.letter_of(RECEIVED), a_user()
    comes = letter.texts("ca")

    assert not wordings.change(letter, "ca", comes, seen=wordings.mark({}), by=by)
    worded(RECEIVED, **{**comes, "heading": "Nostra"})
    assert wordings.of(letter).own("ca") == {"heading": "Nostra"}
    seen = wordings.mark({"heading": "Nostra"})
    assert wordings.reset(letter, "ca", seen=seen, by=by)
    assert wordings.of(letter).own("ca") == {}


def test_a_mail_costs_one_query_more_for_its_wording(db, django_assert_max_num_queries):
    case = a_consultation()
    row = Message.objects.get(order_key=case.thread)

    with django_assert_max_num_queries(2):
        letters.preview(row)


# What comes with the site -------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", letters.known(), ids=lambda letter: letter.name)
def test_what_comes_with_the_site_is_sound_and_can_be_looked_at(letter, language):
    texts = letter.texts(language)
    assert {part: letter.faults(text) for part, text in texts.items()} == dict.fromkeys(
        PARTS, []
    )
    assert letter.unsaid(texts) == [], "a blank that is expected is said"

    mail = letters.sample(letter, language, texts)

    assert "{" not in mail.subject + mail.body
    assert "/c/…/" in mail.body
    assert letter.case_kind in {"", *(kind.name for kind in kinds.known())}


def test_a_mail_that_forgets_until_when_is_found_out():
    letter = letters.letter_of(RECEIVED)
    assert [blank.name for blank in letter.unsaid({"text": "Ho tenim."})] == ["day"]
    assert letter.unsaid({"text": "Ho tenim.", "button": "Mireu[ {day}]"}) == []


def test_a_kind_that_always_has_something_need_not_say_otherwise():
    letter = letters.letter_of(RECEIVED)
    sure = replace(letters.BODY, may_lack=False)
    assert letter.faults("{body}")
    assert not replace(letter, blanks=(sure,)).faults("{body}")


def test_the_day_of_a_mail_is_the_one_of_the_case(mail_of):
    worded(RECEIVED, text="Ho tenim[, abans de {day}]")
    _subject, plain, _html = mail_of(language="ca")
    with override("ca"):
        assert f"Ho tenim, abans de {long_date(Case.objects.get().due)}" in plain


def test_what_is_in_brackets_goes_only_with_its_blank():
    text = "A[ {a}][, {b} i {a}]. [1] [x {c}"
    assert filling.fill(text, {"a": "1", "b": ""}) == "A 1. [1] [x "
    assert filling.fill(text, {"a": "1", "b": "{a}", "c": "3"}) == (
        "A 1, {a} i 1. [1] [x 3"
    )
