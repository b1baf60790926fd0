"""Who hands in is said together with where the name is from."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.submit import MESSAGES, DeliveryError, Identity, default_config, identity


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refused(config: Path, option: str | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        identity(option, config, {"USER": "sys"})
    assert tuple(caught.value.params) == MESSAGES[caught.value.message_id]
    return caught.value


def test_the_option_comes_first_and_the_config_is_not_even_read(config: Path) -> None:
    config.write_text("broken [")
    assert identity(" li.wei ", config, {"USER": "sys"}) == Identity("li.wei", "option")


def test_the_config_file_comes_before_the_system(config: Path) -> None:
    config.write_text('student = "王小明"\nother = 1\n', "utf-8")
    assert identity(None, config, {"USER": "sys"}) == Identity("王小明", "config", str(config))


def test_a_number_is_a_name(config: Path) -> None:
    config.write_text("student = 4711")
    assert identity(None, config, {}).name == "4711"


@pytest.mark.parametrize("text", [None, "", "other = 1"])
def test_the_systems_user_comes_last(config: Path, text: str | None) -> None:
    if text is not None:
        config.write_text(text)
    assert identity(None, config, {"LOGNAME": " ", "USER": "sys"}) == Identity("sys", "system")


def test_without_an_environment_the_system_is_asked(config: Path) -> None:
    found = identity(None, config, {})
    assert found.source == "system"
    assert found.name


def test_without_anybody_it_is_said(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pwd = pytest.importorskip("pwd")

    def nobody(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(DeliveryError, match=r"submit\.error-identity-unknown"):
        identity(None, config, {})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nstudent = li", 2),
        ("[", 1),
        ('student = "li', 1),
        ("a = 1\na = 2\n", 2),
        ("a = 1\nb", 2),
    ],
)
def test_bad_toml_is_refused_with_file_and_line(config: Path, text: str, line: int) -> None:
    config.write_text(text)
    error = refused(config)
    assert error.message_id == "submit.error-config-syntax"
    assert (error.params["file"], error.params["line"]) == (str(config), line)
    assert error.params["reason"]


@pytest.mark.parametrize(
    "text", ["student = true", "student = ['a']", "student = 1.5", "[student]"]
)
def test_a_student_that_is_no_text_is_refused(config: Path, text: str) -> None:
    config.write_text(text)
    assert refused(config).message_id == "submit.error-config-student"


def test_a_config_that_cannot_be_read_is_refused(config: Path) -> None:
    config.write_bytes(b'student = "\xff"')
    assert refused(config).message_id == "submit.error-config-encoding"
    config.unlink()
    config.mkdir()
    assert refused(config).message_id == "submit.error-config-unreadable"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31m", "x" * 201, "\u200d", "a\u202eb"])
def test_a_name_that_is_empty_or_not_printable_is_refused(config: Path, name: str) -> None:
    assert refused(config, name).message_id == "submit.error-identity-invalid"


def test_a_name_typed_in_pieces_is_the_same_name(config: Path) -> None:
    assert identity("Jose\u0301", config, {}).name == "Jos\u00e9"


def test_joiners_that_spelling_needs_are_allowed(config: Path) -> None:
    name = "می\u200cنا"
    assert identity(name, config, {}).name == name


@pytest.mark.parametrize("source", ["option", "config", "system"])
def test_it_can_be_said(source: str) -> None:
    message = Identity("ann", source, "x.toml").message  # type: ignore[arg-type]
    assert tuple(message.params) == MESSAGES[message.id]
    assert message.params["source"] == source


def test_the_default_place_is_the_users_own() -> None:
    assert default_config().parts[-2:] == ("grader", "config.toml")
