"""Text that comes from other programs: what is kept is what the editor offers."""

import gc
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from cms.blocks import BodyBlock
from cms.models import SeriesPage
from tests.browser.signing_in import sign_in
from tests.factories import a_series, a_user
from tests.factories.pages import (
    a_home,
    a_page_with_every_block,
    a_series_page,
    stored,
)

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file that it makes a rendition in to the collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
]


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


# What Word puts on the clipboard: its styles, smart tags, bookmarks, lists that are
# paragraphs, a reviewer's changes and comments.
WORD = """\
<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns:st1="urn:schemas-microsoft-com:office:smarttags">
<head><meta name=Generator content="Microsoft Word 15">
<style><!-- /* Font Definitions */ @font-face {font-family:"Cambria Math";}
p.MsoNormal {mso-style-unhide:no; margin:0cm;} --></style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/>
</o:OfficeDocumentSettings></xml><![endif]--></head>
<body lang=CA style='tab-interval:35.4pt'><!--StartFragment-->
<h1 style='mso-outline-level:1'><a name="_Toc123"></a><span lang=CA>Abans de
publicar<o:p></o:p></span></h1>
<p class=MsoNormal style='margin-bottom:8.0pt'><b style='mso-bidi-font-weight:
normal'><span lang=CA style='font-size:12.0pt;mso-fareast-font-family:"Times
New Roman"'>Benvolguts,</span></b><span lang=CA> us   escrivim
des de <st1:place w:st="on">Vic</st1:place>.<o:p></o:p></span></p>
<p class=MsoNormal><span lang=CA><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1
lfo1'><![if !supportLists]><span style='font-family:Symbol'><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]><span lang=CA>Primer punt<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1
lfo1'><![if !supportLists]><span><span style='mso-list:Ignore'>·<span>&nbsp;
</span></span></span><![endif]>Segon <i>punt</i></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]>
<span style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>Demaneu</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>2.</span>Publiqueu</p>
<p class=MsoNormal>Obrim <ins cite="mailto:Ada" datetime="2026-01-01">avui</ins><del
cite="mailto:Ada"><span class=msoDel>demà</span></del> a les 9.30&nbsp;h<a
style='mso-comment-reference:A_1'></a><span class=MsoCommentReference><span
style='mso-special-character:comment'>[A1]</span></span>: <a
href="https://www.example.cat/a b" target="_blank" onclick="x()">la web</a>,
<a href="javascript:alert(1)">això</a>, <a href="file:///C:/x.docx">el fitxer</a>
i <a href="#_Toc123">amunt</a>.</p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Un</p></td>
<td><p class=MsoNormal>Dos</p></td></tr></table>
<div style='mso-element:comment-list'><p class=MsoCommentText>Ada: segur?</p></div>
<!--EndFragment--></body></html>"""

CLEAN = (
    "<h3>Abans de publicar</h3>"
    "<p>Benvolguts, us escrivim des de Vic.</p>"
    "<ul><li>Primer punt</li><li>Segon <i>punt</i></li></ul>"
    "<ol><li>Demaneu</li><li>Publiqueu</li></ol>"
    '<p>Obrim avui a les 9.30\u00a0h: <a href="https://www.example.cat/a%20b">la web'
    "</a>, això, el fitxer i amunt.</p>"
    "<p>Un</p><p>Dos</p>"
)

# As it comes, and as it is kept.
TEXTS = [
    (WORD, CLEAN),
    # Nothing to do.
    ("<p>Un <b>dos</b> <i>tres</i></p>", "<p>Un <b>dos</b> <i>tres</i></p>"),
    (
        '<p data-block-key="a1-b">Un <a linktype="page" id="3">dos</a><br/>tres</p>',
        '<p data-block-key="a1-b">Un <a linktype="page" id="3">dos</a><br/>tres</p>',
    ),
    (
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
    ),
    # Other ways to say the same.
    ("<p><strong>a</strong><em> b</em></p>", "<p><b>a</b><i> b</i></p>"),
    ("<h1>a</h1><h4>b</h4>", "<h3>a</h3><h3>b</h3>"),
    ("<blockquote>a</blockquote>", "<p>a</p>"),
    ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
    ("Sense etiquetes", "<p>Sense etiquetes</p>"),
    ("<li>a</li>\n<li>b</li>", "<ul><li>a</li><li>b</li></ul>"),
    (
        "<ul><li>a</li><ul><li>b</li></ul></ul>",
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
    ),
    ("<p>a<ul><li>b</li></ul></p>", "<p>a</p><ul><li>b</li></ul>"),
    ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li>a b</li></ul>"),
    # Another office's documents.
    (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid">'
        '<p dir="ltr"><span style="font-weight:400">a</span></p><br><p>b</p></b>',
        "<p>a</p><p>b</p>",
    ),
    # Nothing in many words.
    ("<p> &nbsp; </p><p><b> </b></p><h3><br></h3><ul><li></li></ul>", ""),
    ("<p>a\u200bb\u00adc</p>", "<p>abc</p>"),
    ("<p>a  \n b</p>", "<p>a  \n b</p>"),
    # What does something, or shows what was not to be shown.
    ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
    ('<p onclick="x()">a</p><img src=x onerror="x()">', "<p>a</p>"),
    ('<p>a</p><iframe src="https://a.example/">b</iframe>', "<p>a</p>"),
    ("<p>a<!-- b --></p>", "<p>a</p>"),
    ('<p>a<span style="display: none">b</span></p>', "<p>a</p>"),
    ('<p><a href="data:text/html,x">a</a></p>', "<p>a</p>"),
    ('<p><a href="java&#10;script:x()">a</a></p>', "<p>a</p>"),
    ('<p><a href=" https://a.example/?a=1&amp;b=2 ">a</a></p>',) * 1
    + ('<p><a href="https://a.example/?a=1&amp;b=2">a</a></p>',),
    ('<p id="3" linktype="page">a</p>', "<p>a</p>"),
    ('<p>a</p><embed embedtype="image" id="1" alt="b" format="left"/>', "<p>a</p>"),
    ("<p>1 < 2 & 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
    ("<P>a</P><svg><p>b</p></svg>", "<p>a</p>"),
]


@pytest.mark.parametrize(("comes", "kept"), TEXTS)
def test_what_is_kept_is_what_the_editor_offers(comes, kept):
    block = BodyBlock().child_blocks["paragraph"]

    for value in (block.to_python(comes), block.normalize(comes)):
        assert value.source == kept
        assert block.get_prep_value(value) == kept
    [value] = block.bulk_to_python([comes])
    assert value.source == kept
    # Once more changes nothing.
    assert block.to_python(kept).source == kept


def test_texts_that_are_shown_together_stay_apart(client: Client):
    page = a_series_page(a_home(), a_series())
    page.body = json.dumps(
        stored([("paragraph", f"<p>Text \x1e{number}</p>") for number in range(5)])
    )
    page.save_revision().publish()

    text = client.get(page.url).text

    for number in range(5):
        assert f'<div class="prose"><p>Text {number}</p></div>' in text


def test_an_import_is_cleaned_on_its_way_to_readers_and_when_saved(client: Client):
    page = a_series_page(a_home(), a_series())
    page.body = json.dumps(
        stored(
            [
                ("paragraph", WORD),
                ("questions", [{"question": "Què?", "answer": WORD}]),
            ]
        )
    )
    page.save_revision().publish()

    text = client.get(page.url).text
    assert text.count("<h3>Abans de publicar</h3>") == 2
    for junk in ("mso", "Mso", "st1:", "<o:p>", "demà", "[A1]", "segur?", "javascript"):
        assert junk not in text.partition("<main")[2]

    page = SeriesPage.objects.get(pk=page.pk)
    assert page.body[0].value.source == CLEAN
    page.save()
    page = SeriesPage.objects.get(pk=page.pk)
    assert page.body.raw_data[0]["value"] == CLEAN


def test_a_long_text_is_looked_through_in_no_time():
    block = BodyBlock().child_blocks["paragraph"]
    tidy = "<p>Un text <b>amb</b> coses i <i>més</i> coses.</p>" * 400
    hostile = [
        "<" * 20_000,
        "<p " * 7_000,
        "<p>" * 2_000,
        "<b>a" * 5_000,
        "<!--" * 5_000,
    ]

    began = time.perf_counter()
    assert block.to_python(tidy).source == tidy
    assert time.perf_counter() - began < 0.05
    for text in hostile:
        began = time.perf_counter()
        block.to_python(text)
        assert time.perf_counter() - began < 5


PASTE = """(field, html) => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    data.setData('text/plain', 'x')
    field.dispatchEvent(new ClipboardEvent('paste',
        {clipboardData: data, bubbles: true, cancelable: true}))
}"""


@pytest.mark.browser
def test_an_editor_pastes_from_word_and_all_else_stays(
    live_server, page: Tab, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    edited = a_page_with_every_block()
    sign_in(page.context, a_user(is_superuser=True), live_server.url)
    page.goto(reverse("wagtailadmin_pages:edit", args=[edited.pk]))
    field = page.locator(".public-DraftEditor-content").first
    field.click()
    page.keyboard.press("Control+A")

    field.evaluate(PASTE, WORD)

    expect(field).to_contain_text("Abans de publicar")
    written = page.locator("input[name=body-1-value]")
    expect(written).to_have_value(re.compile("Abans de publicar"))
    page.get_by_role("button", name="Desa esborrany").click()
    before = list(SeriesPage.objects.get(pk=edited.pk).body.raw_data)
    after = saved(edited, "Abans de publicar")
    pasted = re.sub(r' data-block-key="\w+"', "", after.pop(1)["value"])
    assert pasted == (
        "<h3>Abans de publicar</h3>"
        "<p><b>Benvolguts,</b> us   escrivim des de Vic.</p>"
        "<ul><li>Primer punt</li><li>Segon <i>punt</i></li></ul>"
        "<ol><li>Demaneu</li><li>Publiqueu</li></ol>"
        '<p>Obrim avui a les 9.30 h: <a href="https://www.example.cat/a%20b">la web'
        "</a>, això, el fitxer i amunt.</p>"
        "<p>Un</p><p>Dos</p>"
    )
    before.pop(1)
    assert [shown(block) for block in after] == [shown(block) for block in before]


def saved(page: SeriesPage, words: str) -> list[dict[str, Any]]:
    """The blocks of the latest draft of `page`, once it has those words."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        draft = SeriesPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        if words in str(draft.body.raw_data[1]["value"]):
            return list(draft.body.raw_data)
        time.sleep(0.2)
    raise AssertionError(f"Never saved: {words}")


def shown(block: dict[str, Any]) -> str:
    """What `block` says, without what forms add for themselves: keys, ends of lines,
    and names of fields that are empty."""

    def said(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: said(part)
                for name, part in value.items()
                if name != "id" and part not in (None, "", False)
            }
        if isinstance(value, list):
            return [said(part) for part in value]
        text = str(value).replace("\r\n", "\n")
        return re.sub(r' data-block-key="\w+"', "", text)

    return json.dumps(said(block), sort_keys=True)
