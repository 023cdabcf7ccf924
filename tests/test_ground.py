"""The ground of the tests does what the tests rely on."""

import smtplib
import socket

import pytest
from wagtail.models import Page

GOOD = """<!doctype html><html lang="ca"><title>Plaça</title>
<main><h1>Agenda</h1></main></html>"""
BAD = """<!doctype html><html><title>Plaça</title>
<main><h1>Agenda</h1><img src="data:,"></main></html>"""


def test_nothing_outside_this_machine_can_be_reached():
    with pytest.raises(RuntimeError, match="only loopback"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(RuntimeError, match="only loopback"):
        socket.getaddrinfo("placa.example", 443)


def send(server, recipient: str = "ada@placa.example") -> None:
    with smtplib.SMTP(server.host, server.port, timeout=3) as client:
        client.sendmail(
            "agenda@placa.example", [recipient], "Subject: Hola\r\n\r\nHola"
        )


def test_the_mail_server_keeps_what_it_accepts(smtp_server):
    send(smtp_server)

    [mail] = smtp_server.mails_to("ada@placa.example")
    assert mail["Subject"] == "Hola"


@pytest.mark.parametrize("code", [451, 550])
def test_the_mail_server_refuses_one_address_only(smtp_server, code):
    smtp_server.answers["ada@placa.example"] = f"{code} not now"

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(smtp_server)
    send(smtp_server, "mar@placa.example")

    assert refused.value.recipients["ada@placa.example"][0] == code
    assert smtp_server.recipients == ["mar@placa.example"]


def test_the_mail_server_goes_away_and_comes_back(smtp_server):
    smtp_server.down()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_server)

    smtp_server.up()
    send(smtp_server)

    assert len(smtp_server.octets) == 1


def test_the_mail_server_takes_a_mail_and_hangs_up_before_saying_so(smtp_server):
    smtp_server.hangs_up = "before 250"

    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_server)

    assert len(smtp_server.octets) == 1


def test_the_mail_server_says_250_and_hangs_up(smtp_server):
    smtp_server.hangs_up = "after 250"

    client = smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=3)
    client.sendmail("agenda@placa.example", ["ada@placa.example"], "Hola")

    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()
    assert len(smtp_server.octets) == 1


@pytest.mark.browser
def test_axe_objects_to_a_page_and_lets_a_good_one_pass(page, assert_accessible):
    page.set_content(GOOD)
    assert_accessible(page)

    page.set_content(BAD)
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_that_commits_finds_what_migrations_put_there(turn):
    assert Page.objects.filter(depth=1).count() == 1
