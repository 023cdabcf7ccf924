"""How a public form is drawn: what a person reads, and what is read to them."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from cms.form_renderer import PlacaRenderer


class Form(forms.Form):
    default_renderer = PlacaRenderer()

    email = forms.EmailField(help_text="Hi rebreu la invitació.")
    work = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"class": "input--m", "placeholder": "Feina"}),
    )
    language = forms.ChoiceField(
        choices=[("ca", "Català"), ("es", "Castellano")], widget=forms.RadioSelect
    )
    news = forms.BooleanField(required=False)


@pytest.fixture(autouse=True)
def _in_catalan():
    with translation.override("ca"):
        yield


def test_a_field_tells_its_error_before_its_help():
    form = Form({"email": "mguell@ajuntament"})

    html = form["email"].as_field_group()

    assert 'aria-describedby="id_email_error id_email_helptext"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_error"' in html
    assert 'id="id_email_helptext"' in html
    order = [html.index(part) for part in ("<label", "_helptext", "_error", "<input")]
    assert order == sorted(order)


def test_a_field_without_error_or_help_is_described_by_nothing():
    assert "aria-describedby" not in Form()["work"].as_field_group()


def test_what_may_be_left_out_says_so_in_words():
    form = Form()

    assert "(opcional)" in form["work"].as_field_group()
    assert "(opcional)" not in form["email"].as_field_group()


def test_no_placeholder_stands_in_for_a_label():
    html = Form()["work"].as_field_group()

    assert "placeholder" not in html
    assert 'class="input input--m"' in html


def test_a_group_of_choices_has_its_question_as_legend():
    html = Form()["language"].as_field_group()

    assert re.search(r"<fieldset.*<legend[^>]*>Language.*</legend>", html, re.DOTALL)
    assert html.count('type="radio"') == 2


def test_a_checkbox_comes_before_its_label():
    html = Form()["news"].as_field_group()

    assert html.index("<input") < html.index("<label")


def test_the_list_of_errors_leads_to_each_field_and_takes_the_focus():
    form = Form({"email": "mguell@ajuntament"})

    html = render_to_string("components/errors.html", {"form": form})

    assert "Hi ha 2 coses per corregir" in html
    assert 'href="#id_email"' in html
    # A group has no control of its own name: its first choice is where to go.
    assert 'href="#id_language_0"' in html
    assert "autofocus" in html


def test_a_whole_form_is_drawn_field_by_field():
    html = Form().render()

    assert [html.count(f'name="{name}"') for name in Form.base_fields] == [1, 1, 2, 1]
