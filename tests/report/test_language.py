from datetime import UTC, datetime

import pytest

from grader.languages import known
from grader.model.submission import Message
from grader.report.inert import ANSI, UNSEEN, clip, one_line, printed, visible
from grader.report.language import fill, moment, number, say, text
from grader.report.prose import inline, paragraphs, passage


def test_messages_are_said_in_each_language():
    message = Message("check.value.differs", {"value": "x.grad"})
    said = [say(message, language) for language in ("en", "zh", "ru")]
    assert len(set(said)) == 3
    assert all("x.grad" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-CN", "zh"), ("zh_Hans", "zh"), ("RU", "ru"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_a_region_is_no_obstacle_and_other_languages_fall_back(tag, language):
    assert known(tag) == language


def test_an_unknown_id_is_a_neutral_sentence_in_the_language():
    said = say(Message("check.no-such-thing", {"value": "x"}), "ru")
    assert "check." not in said
    assert "преподавателя" in said


def test_what_a_catalog_lacks_is_said_in_english(monkeypatch):
    from grader.report import language

    full = language.catalog
    empty = type(full("ru"))(locale="ru")
    monkeypatch.setattr(language, "catalog", lambda name: empty if name == "ru" else full(name))
    message = Message("check.reference.failed", {"why": "timeout"})
    assert "there is no answer (it took too long)" in language.say(message, "ru")
    with_number = Message("report.score", {"score": 1.5, "max": 2})
    assert language.say(with_number, "ru") == "1.5 of 2 points"


@pytest.mark.parametrize(
    ("count", "ending"),
    [(1, "балла"), (2, "баллов"), (5, "баллов"), (11, "баллов"), (21, "балла"), (22, "баллов")],
)
def test_russian_has_its_plural_forms(count, ending):
    assert text("report.score", "ru", score=0, max=count).endswith(ending)


@pytest.mark.parametrize(
    ("count", "noun"), [(1, "значение"), (3, "значения"), (14, "значений"), (101, "значение")]
)
def test_russian_numerals_govern_their_nouns(count, noun):
    assert text("report.more-values", "ru", count=count).endswith(noun)


def test_a_plural_without_its_number_or_with_a_strange_one_is_still_said():
    for count in (None, "many", float("nan"), float("inf"), -1, 10**30, 1.5, True):
        params = {} if count is None else {"count": count}
        assert "value" in text("report.more-values", "en", **params)


@pytest.mark.parametrize(
    ("value", "en", "ru"),
    [
        (1234, "1,234", "1\xa0234"),
        (0.5, "0.5", "0,5"),
        (3.0, "3", "3"),
        (1.25e-7, "1.25×10⁻⁷", "1,25×10⁻⁷"),
        (-12_345_678, "-1.23×10⁷", "-1,23×10⁷"),
        (float("nan"), "NaN", "NaN"),
        (float("-inf"), "−∞", "−∞"),
        (0.0, "0", "0"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(value, en, ru):
    assert number(value, "en") == en
    assert number(value, "ru") == ru


def test_a_huge_integer_costs_nothing():
    assert number(10**5000, "en") == "≈10⁵⁰⁰⁰"


def test_times_are_said_in_their_own_zone():
    assert moment("2026-10-01T23:59:00+03:00", "en").endswith("UTC+03:00")
    assert moment(datetime(2026, 10, 1, tzinfo=UTC).isoformat(), "zh").startswith("2026年10月1日")
    assert moment("next week", "en") == "next week"


@pytest.mark.parametrize(
    "hostile",
    ["{value.__class__}", "{0}", "{value!r}", "{value:>99999999}", "%(value)s", "{other}", "${x}"],
)
def test_a_parameter_is_never_a_template(hostile):
    assert fill("see {value}.", {"value": hostile, "other": "SECRET"}, "en") == f"see {hostile}."


@pytest.mark.parametrize(
    "template", ["{value.__class__}", "{value[0]}", "{value!r}", "{value:>999}", "{}", "{0}"]
)
def test_a_template_has_no_format_language(template):
    assert fill(template, {"value": "v"}, "en") == template


def test_a_missing_parameter_is_an_ellipsis():
    assert fill("see {value}.", {}, "en") == "see …."


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\x00b\x07", "a␀b␇"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("тест 测试", "тест 测试"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 3),
    ],
)
def test_what_cannot_be_seen_is_shown(raw, seen):
    assert visible(raw) == seen
    assert say(Message("notice.exercise-missing", {"exercise": raw}), "en").count(seen) == 1


def test_parameters_are_one_bounded_line():
    said = one_line("x\n" * 10_000_000)
    assert "\n" not in said
    assert len(said) <= 300
    assert said.endswith("…")


def test_escapes_of_terminals_are_gone():
    raw = (
        "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x1b]0;title\x1b\\end"
    )
    assert printed(raw) == "red link end"
    assert not ANSI.search(printed(raw * 100))


def test_a_progress_bar_is_its_last_state():
    assert printed("10%\r50%\r100%\ndone\r\n") == "100%\ndone\n"


def test_an_unfinished_escape_is_shown_not_obeyed():
    assert not UNSEEN.search(printed("\x1b]0;never ends" * 1000))


def test_clipping_says_how_much_is_left_out():
    shown, left_out = clip("a" * 5000 + "\nb", 100_000, 10, width=100)
    assert len(shown.split("\n")[0]) == 100
    assert left_out == 4901
    assert clip("abc", 10, 10) == ("abc", 0)
    assert clip("1\n2\n3", 10, 2) == ("1\n2", 2)


def test_markdown_is_parsed_before_parameters_come_in():
    html = passage("**{a}** and `{b}`", {"a": "[x](https://evil.example)", "b": "</code><b>"}, "en")
    assert "<a" not in html
    assert "<strong>[x](https://evil.example)</strong>" in html
    assert "<code>&lt;/code&gt;&lt;b&gt;</code>" in html


def test_authors_links_are_https_only_and_pictures_are_not_loaded():
    html = passage(
        "[a](https://docs.pytorch.org) [b](javascript:alert(1)) [c](http://x.example) "
        "![d](http://evil.example/x.png) <script>x</script>",
        {},
        "en",
    )
    assert html.count("href=") == 1
    assert "<script" not in html
    assert "<img" not in html


def test_right_to_left_parameters_are_isolated():
    assert "<bdi>שלום</bdi>" in inline("name {n}!", {"n": "שלום"}, "en")


def test_plain_paragraphs_keep_code_lines_and_drop_emphasis():
    template = "*adds* to `{n}`\nhere\n\n    x = 1\n    y = 2\n"
    assert paragraphs(template, {"n": ".grad"}, "en") == [
        "adds to `.grad` here",
        "    x = 1",
        "    y = 2",
    ]
