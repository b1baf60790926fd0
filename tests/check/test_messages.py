import re
from pathlib import Path

from grader import check

SOURCES = "\n".join(
    path.read_text("utf-8")
    for path in Path(check.__file__).parent.glob("*.py")
    if path.name != "messages.py"
)


def test_every_message_that_is_written_out_is_in_the_table():
    written = set(re.findall(r'"(check\.[a-z_.]*[a-z_])"', SOURCES))
    assert written <= set(check.MESSAGES)


def test_every_message_of_the_table_is_given_somewhere():
    patterns = [
        re.sub(r"\\\{.*?\\\}", "[a-z_]*", re.escape(text))
        for text in re.findall(r'"(check\.[^"\n]*)"', re.sub(r"\{'' if[^}]*\}", "{x}", SOURCES))
    ]
    patterns += [r"check\.tensor\.must_(not_)?(require_grad|be_leaf)"]
    for id in check.MESSAGES:
        assert any(re.fullmatch(pattern, id) for pattern in patterns), id


def test_parameters_are_plain_names():
    for params in check.MESSAGES.values():
        assert all(re.fullmatch("[a-z]+", name) for name in params)
