"""What `compare` says of shapes, special values, kinds, and every number of a dtype."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import InternalError
from grader.model.expectation import Expectation
from grader.model.value import Value, number
from grader.model.value import array as array_of
from grader.numerics import FORMATS, compare, decided, shown, ulp, working_dtype
from grader.numerics.precision import spacing

DTYPES = list(FORMATS)
SIXTEEN = ["float16", "bfloat16"]
ordinary = st.floats(1e-3, 1e3).flatmap(lambda x: st.sampled_from([x, -x]))


def array(values, dtype=None):
    """Values with the dtype that NumPy gives them, unless it is said."""
    return array_of(values, dtype or str(np.asarray(values).dtype))


def expect(exact, own=None, spread=0.0):
    exact_value = array(exact)
    own_value = array(exact if own is None else own)
    return Expectation("k", exact_value, own_value, np.full(exact_value.shape, float(spread)))


def verdict(actual, exact, dtype="float32", **evidence):
    return compare(array(actual), expect(exact, **evidence), dtype).verdict


def rounded(x, dtype):
    return torch.tensor(x, dtype=torch.float64).to(getattr(torch, dtype)).double().numpy()


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@given(x=st.floats(allow_nan=False, allow_infinity=False, width=16))
def test_ulp_is_numpys_spacing(dtype, x):
    x = min(abs(x), 60000.0)
    assert ulp(dtype, x) == np.spacing(np.dtype(dtype).type(x))


@pytest.mark.parametrize("dtype", ["bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_ulp_is_the_distance_to_the_next_number_of_the_dtype(dtype):
    bits = 16 if dtype == "bfloat16" else 8
    raw = torch.arange(2 ** (bits - 1), dtype=torch.int32).to(getattr(torch, f"int{bits}"))
    numbers = raw.view(getattr(torch, dtype)).double().numpy()
    numbers = numbers[np.isfinite(numbers)]
    assert numbers[-1] == FORMATS[dtype].largest
    assert np.array_equal(ulp(dtype, numbers[:-1]), np.diff(numbers))


def test_ulp_of_subnormals_and_specials():
    assert ulp("float32", 0.0) == ulp("float32", 1e-45) == 2.0**-149
    assert ulp("bfloat16", 1.0) == 2.0**-7
    assert ulp("complex64", 3 + 4j) == ulp("float32", 5.0)
    assert math.isinf(ulp("float32", math.inf)) and math.isnan(ulp("float32", math.nan))
    with pytest.raises(ValueError, match="int64"):
        ulp("int64", 1)


@pytest.mark.parametrize("dtype", FORMATS)
@given(x=st.floats())
def test_the_spacing_of_one_number_is_that_of_arrays(dtype, x):
    with np.errstate(all="ignore"):
        assert np.array_equal(spacing(dtype, x), float(ulp(dtype, x)), equal_nan=True)


def test_what_is_remembered_of_a_comparison_is_of_the_same_numbers():
    """Equal answers in another shape, dtype or order are other questions."""
    one, other = np.array([1.0, 2.0]), np.array([2.0, 1.0])
    assert [verdict(a, b) for a in (one, other) for b in (one, other)] == [
        "equal", "different", "different", "equal",
    ]  # fmt: skip
    column = compare(array(other.reshape(2, 1)), expect(one.reshape(2, 1)), "float32")
    assert column.worst is not None and len(column.worst.index) == 2
    assert compare(array(other), expect(one), "float64").tolerance.dtype == "float64"


def test_the_working_dtype_is_the_lowest_floating_one():
    single, half = array([1.0], "float32"), array([1.0], "float16")
    assert working_dtype([]) == "float64"
    assert working_dtype([None, number(3), number(0.5), array([1], "int64")]) == "float64"
    assert working_dtype([array([1.0]), single, number(0.5)]) == "float32"
    assert working_dtype([single, half]) == "float16"
    assert working_dtype([half, array([1.0], "bfloat16")]) == "bfloat16"
    assert working_dtype([array([1j], "complex64")]) == "float32"


@pytest.mark.parametrize("dtype", DTYPES)
@given(x=ordinary)
def test_what_is_a_hundredth_off_the_exact_value_is_never_accepted(dtype, x):
    own = rounded(x, dtype)
    if not np.isfinite(own):
        return
    for factor in (1.01, 0.99, 1.02, 1.5, -1.0):
        for wrong in (rounded(x * factor, dtype), x * factor):
            assert verdict(wrong, x, dtype, own=own, spread=ulp(dtype, x)) != "equal"
        assert verdict([wrong] * 5, [x] * 5, dtype, own=[own] * 5) != "equal"


@pytest.mark.parametrize("dtype", DTYPES)
@given(x=ordinary, steps=st.integers(-3, 3))
def test_what_is_a_few_ulp_off_is_never_different(dtype, x, steps):
    own = rounded(x, dtype)
    if not np.isfinite(own):
        return
    near = own + steps * ulp(dtype, own)
    assert verdict(near, x, dtype, own=own) != "different"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(x=ordinary, steps=st.integers(-16, 16))
def test_a_few_ulp_are_accepted_and_a_hundredth_is_rejected(dtype, x, steps):
    own = float(rounded(x, dtype))
    assert verdict(own + steps * ulp(dtype, own), x, dtype, own=own) == "equal"
    assert verdict(own * 1.01, x, dtype, own=own) == "different"


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@given(x=st.floats(0.01, 100))
def test_a_number_that_needs_no_rounding_is_accepted_as_it_is(dtype, x):
    exact = rounded(x, dtype)
    assert verdict(exact, exact, dtype, own=exact, spread=ulp(dtype, exact)) == "equal"


@pytest.mark.parametrize("dtype", ["float32", "float64", *SIXTEEN])
@given(
    exact=st.lists(ordinary, min_size=1, max_size=6),
    noise=st.floats(0, 1e-1),
    scale=st.sampled_from([-4.0, 0.25, 2.0]),
)
def test_the_verdict_does_not_depend_on_a_power_of_two_or_the_sign(dtype, exact, noise, scale):
    exact = np.array(exact)
    own = rounded(exact, dtype)
    actual = rounded(exact * (1 + noise), dtype)
    one = compare(array(actual), expect(exact, own), dtype).verdict
    other = compare(array(actual * scale), expect(exact * scale, own * scale), dtype).verdict
    assert one == other


def test_the_reference_is_the_scale():
    assert verdict(2.25e-5, 1.25e-5) == "different"
    assert verdict(2.5e-6, 1.25e-5) == "different"
    assert verdict(1e30, 1.0) == "different"


def test_nan_equals_only_an_expected_nan():
    nan = math.nan
    assert verdict([1, nan], [1, 2]) == "different"
    assert verdict([1, nan], [1, nan]) == "equal"
    assert verdict([1, 2], [1, nan]) == "different"
    assert verdict([1, nan], [1, nan], own=[1, 2]) == "undecidable"
    assert verdict([1, math.inf], [1, nan]) == "different"


def test_infinities_match_in_place_and_sign():
    inf = math.inf
    assert verdict([inf, 1], [inf, 1]) == "equal"
    assert verdict([-inf, 1], [inf, 1]) == "different"
    assert verdict([1, inf], [inf, 1]) == "different"
    assert verdict([1e30, 1], [inf, 1]) == "different"
    assert verdict([inf, 1], [2, 1]) == "different"


def test_an_overflow_that_the_dtype_explains_is_open():
    inf = math.inf
    assert verdict([inf, 1], [1e6, 1], "float16", own=[inf, 1]) == "undecidable"
    assert verdict([1e6, 1], [1e6, 1], "float32", own=[inf, 1]) == "equal"
    assert verdict([2e6, 1], [1e6, 1], "float32", own=[inf, 1]) == "different"


def test_zeros_of_both_signs_are_equal():
    assert verdict([-0.0, 1], [0.0, 1]) == "equal"
    assert verdict([1e-3, 1], [0.0, 1]) == "different"
    assert verdict(0.0, 0.0) == "equal"
    assert verdict(1e-30, 0.0) == "different"


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, 3), (3,)), ((), (1,)), ((3, 1), (1, 3)), ((0,), (1,)), ((0, 3), (3, 0))],
)
def test_a_shape_that_would_broadcast_is_another_shape(one, other):
    assert verdict(np.ones(one), np.ones(other)) == "shape"
    assert verdict(np.ones(other), np.ones(one)) == "shape"


def test_empty_tensors_of_one_shape_are_equal():
    assert verdict(np.ones((0, 3)), np.ones((0, 3))) == "equal"


@pytest.mark.parametrize("kind", ["none", "function", "opaque", "text"])
def test_what_is_no_number_is_a_kind(kind):
    assert compare(Value(kind, text="x"), expect(1.0), "float32").verdict == "kind"
    assert compare(Value("tensor", "float32", why="too-large"), expect(1.0), "float32").verdict == (
        "kind"
    )


def test_an_unanswered_expectation_is_the_graders_own_fault():
    with pytest.raises(InternalError, match="'k'"):
        compare(array(1.0), Expectation("k", error="timeout"), "float32")


def test_integers_and_bools_are_exact_and_by_value():
    def against(actual, exact):
        expected = Expectation("k", array(exact, "int64"), array(exact, "int64"))
        return compare(array(actual), expected, "float64").verdict

    assert against([1, 2], [1, 2]) == against([1.0, 2.0], [1, 2]) == "equal"
    assert against([1, 3], [1, 2]) == against([1.0, 2.0000001], [1, 2]) == "different"
    assert against(2**53 + 1, 2**53) == against(float(2**53), 2**53 + 1) == "different"
    assert against([math.nan], [1]) == "different"
    assert against([True, False], [True, False]) == "equal"
    assert against([1, 0], [True, False]) == "equal"


def test_integers_where_floats_are_expected_count_by_value():
    integer = array([0, 4, 8, 12], "int64")
    assert compare(integer, expect([0.0, 4, 8, 12]), "float32").verdict == "equal"
    assert compare(integer, expect([0.0, 4, 8, 13]), "float32").verdict == "different"


def test_complex_numbers_by_the_modulus():
    exact = np.array([3 + 4j, 1e-3j])
    assert verdict(exact * (1 + 1e-7j), exact, "complex64") == "equal"
    assert verdict(exact * 1.01, exact, "complex64") == "different"
    assert verdict(exact.conj(), exact, "complex64") == "different"
    assert verdict([1.0, 2.0], np.array([1, 2 + 0j]), "float32") == "equal"
    assert verdict([1j], [1.0], "float32") == "different"
    infinite = np.array([complex(math.inf, 1)])
    assert verdict(infinite, infinite, "complex64") == "equal"
    assert verdict([complex(math.inf, 2)], infinite, "complex64") == "different"


def test_conditioning_widens_the_tolerance_but_never_to_a_hundredth():
    assert verdict(1 + 1e-4, 1.0) == "different"
    assert verdict(1 + 1e-4, 1.0, spread=3e-5) == "equal"
    assert verdict(1.004, 1.0, spread=4e-3) == "undecidable"
    assert verdict(1.01, 1.0, spread=4e-3) == "undecidable"
    assert verdict(2.0, 1.0, spread=4e-3) == "different"


def test_without_a_spread_only_the_reference_itself_is_accepted():
    inf = math.inf
    assert verdict(1.1, 1.0, own=1.1, spread=inf) == "equal"
    assert verdict(1.0, 1.0, own=1.1, spread=inf) == "equal"
    assert verdict(1.05, 1.0, own=1.1, spread=inf) == "undecidable"


def test_elements_that_cancel_are_judged_by_the_norm():
    exact, own = [1.0, 1e-7], [1.0, 1.5e-7]
    found = compare(array([1.0, 3e-7]), expect(exact, own), "float32")
    assert found.verdict == "equal"
    assert found.tolerance is not None and found.tolerance.mode == "normwise"
    assert verdict([1.0, 1e-3], exact, own=own) == "different"
    # a small number that is known well keeps its own scale
    assert compare(array([3.0, 6e-9]), expect([3.0, 3e-9]), "float32").verdict == "different"


def test_the_worst_element_and_its_distance_are_reported():
    exact = np.ones((2, 3))
    actual = exact.copy()
    actual[1, 2] = 1.5
    actual[0, 1] = 1.1
    found = compare(array(actual), expect(exact), "float32")
    assert (found.verdict, found.different, found.elements) == ("different", 2, 6)
    assert found.worst is not None and found.worst.index == (1, 2)
    assert found.worst.ulp == 0.5 / 2.0**-23
    assert found.tolerance is not None and found.tolerance.dtype == "float32"
    assert found.tolerance.relative == found.tolerance.absolute == found.tolerance.floor


def test_a_common_factor_is_told():
    assert compare(array([2.0, 4.0]), expect([1.0, 2.0]), "float32").ratio == 2
    assert compare(array([-1.0, -2.0]), expect([1.0, 2.0]), "float32").ratio == -1
    assert compare(array([2.0, 5.0]), expect([1.0, 2.0]), "float32").ratio is None
    assert compare(array([1.0, 2.0]), expect([1.0, 2.0]), "float32").ratio is None


def test_shown_is_bounded_and_has_no_numbers_that_json_lacks():
    assert shown(array([1.0, math.nan, -math.inf])).values == (1.0, "nan", "-inf")
    assert shown(array(np.array([1 + 2j]), "complex64")).values == ((1.0, 2.0),)
    assert shown(array([[True], [False]], "bool")).values == (True, False)
    large = shown(array(np.arange(100)))
    assert (len(large.values), large.elements, large.shape) == (64, 100, (100,))
    assert shown(Value("text", text="hello")).values == ("hello",)
    assert shown(Value("none")).values == ()


@given(
    st.sampled_from(["float32", "float64"]),
    st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=4),
    st.lists(st.integers(-40, 40), min_size=4, max_size=4),
    st.lists(st.integers(-2, 2), min_size=4, max_size=4),
    st.lists(st.sampled_from([0.0, 1e-30, 1e-3, 1.0, 1e20, math.inf]), min_size=4, max_size=4),
)
def test_what_is_decided_without_a_spread_is_equal_with_any(dtype, exact, gaps, steps, spread):
    right = np.array(exact)
    own = np.array(
        [rounded(x, dtype) for x in right + np.array(gaps[: right.size]) * ulp(dtype, right)]
    )
    seen = np.array(
        [rounded(x, dtype) for x in own + np.array(steps[: right.size]) * ulp(dtype, own)]
    )
    if decided(array(seen, dtype), right, own, dtype):
        moves = np.array(spread[: right.size])
        answer = Expectation("k", array(right), array(own), moves)
        assert compare(array(seen), answer, dtype).verdict == "equal"


def test_the_references_own_bits_are_decided_and_a_hundredth_off_is_not():
    right = np.array([1.1, 0.0, -3e-9])
    own = np.array([rounded(x, "float32") for x in right])
    assert decided(array(own, "float32"), right, own, "float32")
    assert decided(array(right, "float64"), right, own, "float32")
    assert not decided(array(1.01 * own, "float32"), right, own, "float32")
    assert not decided(array(own + np.array([0.0, 1e-9, 0.0]), "float32"), right, own, "float32")
    coarse = np.array([rounded(x, "bfloat16") for x in right])
    assert not decided(array(coarse, "bfloat16"), right, coarse, "bfloat16")


def test_what_cannot_be_compared_is_decided():
    right = np.array([1.0, 2.0])
    assert decided(array([1.0, 2.0, 3.0]), right, right, "float32")
    assert decided(Value("none"), right, right, "float32")
    assert not decided(array([math.nan, 2.0]), right, right, "float32")


def torn(exact, *limits):
    """An expectation at a kink: with the values on its other sides."""
    return dataclasses.replace(expect(exact, spread=math.inf), limits=np.array(limits, float))


def test_at_a_kink_every_side_and_the_middle_are_right():
    relu = torn([0.0, 1.0], [1.0, 1.0])
    for right in ([0.0, 1.0], [1.0, 1.0], [0.5, 1.0]):
        assert compare(array(right), relu, "float32").verdict == "equal"
    assert compare(array([0.3, 1.0]), relu, "float32").verdict == "undecidable"
    for wrong in ([1.01, 1.0], [-1.0, 1.0], [2.0, 1.0], [0.5, 1.5], [math.nan, 1.0]):
        assert compare(array(wrong), relu, "float32").verdict != "equal"
    assert compare(array([2.0, 1.0]), relu, "float32").verdict == "different"


def test_at_a_tie_the_whole_gradient_goes_to_one_or_is_shared():
    tie = torn([0.5, 0.5], [1.0, 0.0], [0.0, 1.0])
    for right in ([1.0, 0.0], [0.0, 1.0], [0.5, 0.5]):
        assert compare(array(right), tie, "float32").verdict == "equal"
    for wrong in ([1.0, 1.0], [0.0, 0.0]):
        assert compare(array(wrong), tie, "float32").verdict != "equal"
    assert compare(array([2.0, 0.0]), tie, "float32").verdict == "different"


def test_an_undecidable_element_has_an_overlap_that_says_why():
    found = compare(array(1.01), expect(1.0, spread=4e-3), "float32")
    assert found.verdict == "undecidable" and found.overlap is not None and found.overlap > 1
    assert compare(array(1.0), expect(1.0), "float32").overlap is None


def test_an_element_whose_noise_is_above_a_hundredth_goes_by_the_norm_in_fine_dtypes():
    exact, evidence = [1.0, 1e-4], {"own": [1.0, 1e-4 + 1e-7], "spread": 3e-7}
    assert verdict([1.0, 1e-4 + 9e-7], exact, **evidence) == "equal"
    assert verdict([1.0, 1e-4 + 1e-5], exact, **evidence) == "different"
    assert verdict([1.01, 1e-4], exact, **evidence) == "different"


@pytest.mark.parametrize("dtype", FORMATS)
def test_what_a_sum_of_many_terms_may_cost_is_open_in_half_precision_and_never_accepted(dtype):
    far = 1 + 20 * float(ulp(dtype, 1.0))

    def of(terms, actual=far):
        expected = dataclasses.replace(expect(1.0), terms=terms)
        return compare(array(actual), expected, dtype).verdict

    if FORMATS[dtype].bits >= 24:
        assert of(1) == of(10_000) == "equal"
        assert of(10_000, 1.01) == "different"
    else:
        assert (of(16), of(10_000)) == ("different", "undecidable")
        assert of(10_000, 1 + 41 * float(ulp(dtype, 1.0))) == "different"


def test_a_result_is_made_of_as_many_terms_as_it_has_elements_at_least():
    exact = np.ones(10_000)
    assert verdict(exact * (1 + 20 * 2**-10), exact, "float16") == "undecidable"
    assert verdict(exact[:16] * (1 + 20 * 2**-10), exact[:16], "float16") == "different"
