"""Every page of the gallery, as people meet it: on a screen, on a phone, on paper, by ear."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest

from grader.languages import LANGUAGES
from scripts.gallery.pages import diagnosis_rows, outcome_table
from tests.pages.browser import CUT, PAPER, PHONE, STACKED, TEXTS, UNFOLD, WIDEST
from tests.pages.conftest import ALL

each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.skipif(not ALL, reason="only a part of the gallery: make verify-pages has all of it")
def test_it_shows_every_diagnosis_and_every_outcome_that_a_check_can_have(gallery):
    assert [row.id for row in diagnosis_rows(gallery.exhibits) if row.exhibit is None] == []
    assert [
        f"{kind} {status}"
        for kind, row in outcome_table(gallery.exhibits).items()
        for status, name in row.items()
        if name is None
    ] == []


@each_language
def test_every_link_of_a_page_leads_somewhere(gallery, language):
    lost = {}
    for name, file in gallery.pages(language).items():
        text = file.read_text("utf-8")
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name
        anchors = re.findall(r'href="#([^"]*)"', text)
        files = re.findall(r'href="([^"#:]+\.html)"', text)
        wrong = [a for a in anchors if a and a not in ids]
        wrong += [f for f in files if not (file.parent / f).is_file()]
        if wrong:
            lost[name] = wrong
    assert lost == {}


@each_language
def test_a_report_of_four_exercises_is_small(gallery, language):
    """Less than 120 kB without pictures, so that a class of them can be sent by mail."""
    sizes = {
        name: len(re.sub(r"data:image/png;base64,[^\"]*", "", file.read_text("utf-8")).encode())
        for name, file in gallery.pages(language).items()
        if name.startswith("report")
    }
    assert sizes
    assert {name: size for name, size in sizes.items() if size >= 120_000} == {}


@each_language
def test_axe_core_finds_nothing_at_level_aa_and_the_console_is_silent(browser, gallery, language):
    """In light and in dark, everything unfolded; nothing but colours depends on which it is."""
    found = {}
    for name, file in gallery.pages(language).items():
        with browser.open(file, scheme="light") as seen:
            seen.touch()
            wrong = seen.axe()
            seen.page.emulate_media(color_scheme="dark")
            wrong += [f"dark: {line}" for line in seen.axe(only_contrast=True)]
            wrong += seen.did()
        if wrong:
            found[name] = sorted(set(wrong))
    assert found == {}


def test_what_axe_core_and_the_watch_are_to_find_is_found(browser, tmp_path):
    file = tmp_path / "poor.html"
    file.write_text(
        "<!doctype html><html><title>x</title><style>@media (prefers-color-scheme: dark) "
        "{ body { background: #000 } p { color: #222 } }</style><body><p>Text</p>"
        "<img src='data:image/png;base64,iVBORw0KGgo='><div style='width: 900px'>wide</div>"
        "<script>console.warn('loud')</script>",
        encoding="utf-8",
    )
    with browser.open(file, size=PHONE) as seen:
        wide = seen.page.evaluate(WIDEST)
        assert wide["page"] > wide["window"]
        rules = {line.split(":")[0] for line in seen.axe()}
        assert {"html-has-lang", "image-alt"} <= rules
        assert seen.axe(only_contrast=True) == []
        seen.page.emulate_media(color_scheme="dark")
        assert seen.axe(only_contrast=True) != []
        assert seen.did() == ["console loud"]


@each_language
def test_a_phone_never_scrolls_sideways(browser, gallery, language):
    wide = {}
    for name, file in gallery.pages(language).items():
        with browser.open(file, size=PHONE) as seen:
            for state in ("folded", "unfolded"):
                at = seen.page.evaluate(WIDEST)
                if at["page"] > at["window"]:
                    wide[f"{name} {state}"] = at
                seen.page.evaluate(UNFOLD)
    assert wide == {}


# A PDF names a glyph by one of its characters: radicals that look like words, which NFKC keeps.
RADICALS = str.maketrans(
    "⺟⺠⻄⻅⻆⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
    "母民西见角贝车長长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙",
)


def squeezed(text: str) -> str:
    """Text without what a PDF may lose: white space, soft hyphens, ligatures."""
    plain = unicodedata.normalize("NFKC", text).translate(RADICALS)
    return re.sub(r"[\s\u00ad\u200b-\u200d\ufe0f]+", "", plain)


@each_language
def test_a_print_loses_nothing(browser, gallery, language):
    from pypdf import PdfReader

    lost = {}
    for name, file in gallery.pages(language).items():
        with browser.open(file, size=PAPER) as seen:
            texts = seen.page.evaluate(TEXTS)
            pdf = seen.page.pdf(format="A4", print_background=True)
            seen.page.emulate_media(media="print")
            cut = seen.page.evaluate(CUT) + seen.page.evaluate(STACKED)
        printed = squeezed("".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages))
        missing = [
            text.strip()[:80]
            for text in texts
            if squeezed(text) not in printed
            and not all(squeezed(word) in printed for word in text.split())
        ]
        if missing or cut:
            lost[name] = [*missing[:8], *cut[:8]]
    assert lost == {}
