from grader.selftest import in_turn, notebook, samples
from grader.spec import load_assignment


def test_an_exercises_samples_take_turns_through_its_languages(course):
    assignment = load_assignment(course, "dot-gradient")
    (exercise,) = assignment.exercises
    found = in_turn(exercise, samples(course, assignment))
    assert len(found) == len(samples(course, assignment))
    assert {one.language for one in found} == {"en", "ru", "zh"}
    assert {one.language for one in found if one.kind == "accepted"} == {"en", "ru", "zh"}
    starter, first, second = found[:3]
    assert len({starter.language, first.language, second.language}) == 3
    texts = {one.language: notebook(assignment, [one], one.language) for one in found[:3]}
    assert len(set(texts.values())) == 3
    assert "градиент".encode() in texts["ru"].lower() or "Градиент".encode() in texts["ru"]
    assert "梯度".encode() in texts["zh"]
