"""Values of every dtype, layout and kind, in process."""

import contextlib
import inspect
import weakref

import numpy as np
import pytest
import torch

from grader.inside.exact import NAMES
from grader.inside.serials import Serials
from grader.inside.values import Values, parameters

DTYPES = sorted(NAMES.items(), key=lambda item: item[1])


@pytest.fixture
def values():
    return Values(Serials())


def seen(values, thing):
    """A value and its numbers."""
    value = values.any(thing)
    if isinstance(value.get("data"), np.ndarray):
        value["numbers"] = value["data"].tolist()
    values.end_message()
    return value


@pytest.mark.parametrize("dtype", [dtype for dtype, _ in DTYPES], ids=[name for _, name in DTYPES])
def test_every_dtype_is_exact_or_says_why(values, dtype):
    try:
        tensor = torch.tensor([0, 1, 0, 1]).to(dtype)
    except Exception:
        tensor = torch.empty(4, dtype=dtype) if "int" in str(dtype) else None
        if tensor is None:
            pytest.skip("this torch makes no such tensor")
    value = seen(values, tensor)
    assert value["dtype"] == NAMES[dtype]
    if "numbers" not in value:
        assert value["why"]
        assert str(dtype).split(".")[1] not in READ
        return
    if dtype.is_complex:
        assert value["numbers"] == [[0, 0], [1, 0], [0, 0], [1, 0]]
    elif "e8m0" not in str(dtype):  # which has no zero
        assert value["numbers"] == [0, 1, 0, 1]


READ = {
    *("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"),
    *("float8_e4m3fnuz", "float8_e5m2fnuz", "complex32", "complex64", "complex128", "bool"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
}


def test_extremes_of_each_dtype_survive(values):
    for dtype in (torch.float16, torch.bfloat16, torch.float64, torch.float8_e5m2):
        info = torch.finfo(dtype)
        numbers = [info.max, info.tiny, info.eps, float("inf")]
        assert seen(values, torch.tensor(numbers).to(dtype))["numbers"] == (
            torch.tensor(numbers).to(dtype).double().tolist()
        )
    big = torch.tensor([2**63 - 1, -(2**63)])
    assert seen(values, big)["numbers"] == big.tolist()
    wide = torch.from_numpy(np.array([2**64 - 1], np.uint64))
    assert seen(values, wide)["numbers"] == [2**64 - 1]
    nan = seen(values, torch.tensor([float("nan"), -0.0]))["numbers"]
    assert np.isnan(nan[0])
    assert np.signbit(nan[1])


def parameter():
    return torch.nn.Parameter(torch.ones(2))


def inference():
    with torch.inference_mode():
        return torch.ones(2)


def from_numpy_negative():
    return torch.tensor([1 + 2j]).conj().imag


def off_end():
    tensor = torch.zeros(4)
    tensor.untyped_storage().resize_(0)
    return tensor


class Odd(torch.Tensor):
    """Raises at whatever is done with it."""

    @classmethod
    def __torch_function__(cls, *args, **kwargs):
        raise ValueError

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise ValueError


def leaked():
    kept = []
    torch.func.grad(lambda a: (kept.append(a), a.sum())[1])(torch.ones(2))
    return kept[0]


def leaked_batch():
    kept = []
    torch.func.vmap(lambda a: (kept.append(a), a)[1])(torch.ones(2))
    return kept[0]


CASES = {
    "parameter": (parameter, [1, 1]),
    "inference": (inference, [1, 1]),
    "view": (lambda: torch.arange(6.0).reshape(2, 3).t()[1:], [[1, 4], [2, 5]]),
    "expanded": (lambda: torch.tensor([3.0]).expand(2), [3, 3]),
    "conjugate": (lambda: torch.tensor([1 + 2j]).conj(), [[1, -2]]),
    "negative bit": (from_numpy_negative, [-2]),
    "0-d": (lambda: torch.tensor(5), 5),
    "empty": (lambda: torch.empty(0, 3), []),
    "subclass": (lambda: torch.ones(2).as_subclass(Odd), [1, 1]),
    "flipped float16": (lambda: torch.tensor([1.0, 2.0]).half().flip(0), [2, 1]),
    "sparse": (lambda: torch.eye(2).to_sparse(), "layout:sparse_coo"),
    "csr": (lambda: torch.eye(2).to_sparse_csr(), "layout:sparse_csr"),
    "mkldnn": (lambda: torch.ones(2, 2).to_mkldnn(), "layout:_mkldnn"),
    "meta": (lambda: torch.ones(2, device="meta"), "device:meta"),
    "nested": (lambda: torch.nested.nested_tensor([torch.ones(1), torch.ones(2)]), "layout:nested"),
    "jagged": (
        lambda: torch.nested.nested_tensor([torch.ones(1), torch.ones(2)], layout=torch.jagged),
        "subclass:NestedTensor",
    ),
    "no storage": (off_end, "no-storage"),
    "leaked": (leaked, [1, 1]),
    "leaked batch": (leaked_batch, [1, 1]),
    "huge": (lambda: torch.zeros(1).expand(1 << 40), "too-large"),
}


@pytest.mark.parametrize("name", CASES)
def test_tensors_are_read_or_the_reason_is_told(values, name):
    make, expected = CASES[name]
    value = seen(values, make())
    assert value["kind"] == "tensor"
    assert value.get("numbers") == (None if isinstance(expected, str) else expected)
    assert value["why"] == (expected if isinstance(expected, str) else None)


@pytest.mark.parametrize(
    ("write", "version"),
    [
        (lambda z: z, 0),
        (lambda z: z + 1, 0),
        (lambda z: z.add_(1), 1),
        (lambda z: z.__setitem__(0, 1.0) or z, 1),
        (lambda z: z.copy_(z + 1), 1),
        (lambda z: [z[i].add_(1) for i in range(2)] and z, 2),
    ],
)
def test_what_was_written_to_in_place_says_so(values, write, version):
    value = seen(values, write(3 * torch.ones(2, requires_grad=True)))
    assert value.get("version", 0) == version


def of_transformation(values, transform):
    """What is told of the tensor inside; the function is x² + 1 at [1, 2]."""
    found = []

    def square(x):
        y = x * x + 1
        found.append(seen(values, y))
        return y if y.dim() == 0 else y.sum()

    transform(square)(torch.tensor([1.0, 2.0]))
    return found[0]


@pytest.mark.parametrize(
    "transform",
    [
        torch.func.grad,
        lambda f: lambda x: torch.func.vjp(f, x)[0],
        lambda f: torch.func.grad(lambda x: torch.func.grad(f)(x).sum()),
        torch.func.jacrev,
    ],
    ids=["grad", "vjp", "grad of grad", "jacrev"],
)
def test_what_a_gradient_transformation_wraps_is_read(values, transform):
    value = of_transformation(values, transform)
    assert (value["numbers"], value["shape"], value["why"]) == ([2, 5], [2], None)
    assert value["requires_grad"]


def test_of_a_batch_the_whole_is_read(values):
    for transform in (torch.func.vmap, lambda f: torch.func.vmap(torch.func.grad(f))):
        value = of_transformation(values, transform)
        assert (value["numbers"], value["shape"], value["why"]) == ([2, 5], [2], None)


def test_what_does_not_lie_in_memory_as_it_is_is_not_read_inside_a_transformation(values):
    class Empty(torch.Tensor):
        @staticmethod
        def __new__(cls, inner):
            return torch.Tensor._make_wrapper_subclass(cls, inner.shape, dtype=inner.dtype)

        @classmethod
        def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
            return torch.ones(())

    told = []
    with contextlib.suppress(Exception):
        torch.func.grad(lambda x: (told.append(seen(values, x)), x.sum())[1])(Empty(torch.ones(3)))
    assert told[0].get("numbers") is None
    turned = []
    torch.func.grad(lambda x: (turned.append(seen(values, x.t())), x.sum())[1])(torch.ones(2, 3))
    assert turned[0]["why"] == "functorch"


def test_quantized_tensors_say_so(values):
    quantize = getattr(torch, "quantize_per_tensor", None)
    if quantize is None:
        pytest.skip("gone from this torch")
    value = seen(values, quantize(torch.ones(2), 0.1, 0, torch.quint8))
    assert value["why"] in ("layout:quantized", "dtype:quint8")


ARRAYS = {
    "float16": (np.array([0.1, 65504], np.float16), [0.0999755859375, 65504]),
    "float32 fortran": (np.asfortranarray(np.array([[1, 2], [3, 4]], "f4")), [[1, 2], [3, 4]]),
    "swapped": (np.array([1, 2], ">i4"), [1, 2]),
    "longdouble exact": (np.array([0.5], np.longdouble), [0.5]),
    "longdouble": (np.array([1], np.longdouble) / 3, "inexact:float128"),
    "complex64": (np.array([1 + 2j], np.complex64), [[1, 2]]),
    "bool": (np.array([True, False]), [True, False]),
    "uint64": (np.array([2**64 - 1], np.uint64), [2**64 - 1]),
    "0-d": (np.array(3.0), 3.0),
    "scalar": (np.float32(0.5), 0.5),
    "matrix": (np.matrix([[1.0]]), [[1.0]]),
    "object": (np.array([object()]), "dtype:object"),
    "text": (np.array(["a"]), "dtype:str32"),
    "date": (np.array(["2020"], "M8[Y]"), "dtype:datetime64[Y]"),
    "structured": (np.zeros(1, [("a", "f4")]), "dtype:void32"),
    "masked": (np.ma.masked_array([1.0, 2.0], [0, 1]), "subclass:MaskedArray"),
    "huge": (np.broadcast_to(np.float64(1), (1 << 40,)), "too-large"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_read_or_the_reason_is_told(values, name):
    array, expected = ARRAYS[name]
    value = seen(values, array)
    assert value["kind"] == "array"
    assert value.get("numbers") == (None if isinstance(expected, str) else expected)
    assert value["why"] == (expected if isinstance(expected, str) else None)


def test_the_same_object_keeps_its_id_and_another_never_gets_it(values):
    a, b = torch.ones(1), torch.ones(1)
    ids = [values.any(t)["id"] for t in (a, b, a)]
    assert ids[0] == ids[2] != ids[1]
    given = set(ids)
    for _ in range(5000):
        new = values.any(torch.ones(1))["id"]
        assert new not in given
        given.add(new)
    assert values.any(a)["id"] == ids[0]
    assert len(values.serials.tensors) < 5000


def test_a_leaf_has_its_grad_and_what_would_warn_has_not(values):
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    y.sum().backward()
    assert values.any(x)["grad"]["data"].tolist() == [2, 2]
    assert values.any(x)["leaf"]
    value = values.any(y)
    assert (value.get("grad"), value["leaf"], value["grad_fn"]) == (None, False, "MulBackward0")


@pytest.mark.parametrize(
    ("items", "dtype", "numbers"),
    [
        ([1, 2.5], "float64", [1, 2.5]),
        ((1, 2), "int64", [1, 2]),
        ([True, 2], None, None),
        ([], None, None),
        ([1j, 2j], "complex128", [[0, 1], [0, 2]]),
        ([torch.tensor(1.0), torch.tensor(2.0)], "float32", [1, 2]),
        ([torch.ones(2), torch.zeros(2)], "float32", [[1, 1], [0, 0]]),
        ([torch.tensor(1.0), 2.0], None, None),
        ([np.float32(1)], "float32", [1]),
        ([[1, 2], [3, 4]], "int64", [[1, 2], [3, 4]]),
        ([[1], [2, 3]], None, None),
        (["a", 1], None, None),
    ],
)
def test_lists_of_numbers_are_one_array(values, items, dtype, numbers):
    value = seen(values, items)
    assert value["kind"] == ("opaque" if dtype is None else "list")
    assert value.get("dtype") == dtype
    assert value.get("numbers") == numbers


def test_only_the_placeholder_is_opaque_without_a_reason(values):
    assert seen(values, ...) == {"kind": "opaque"}
    for thing in ({}, {1}, object(), (n for n in ()), Exception, [[1], [2, 3]]):
        assert seen(values, thing) == {"kind": "opaque", "why": "other"}


def test_a_list_that_holds_itself_is_opaque(values):
    loop = [1]
    loop.append(loop)
    assert values.any(loop)["kind"] == "opaque"


def test_a_short_list_of_strings_is_one_text(values):
    assert seen(values, ["a", "c"]) == {"kind": "text", "text": "a, c"}
    assert seen(values, ["a"] * 21)["kind"] == "opaque"


def _every(first, /, second=1, *rest, only, other=2, **more):
    return first


@pytest.mark.parametrize(
    "function",
    [_every, lambda: 0, lambda *a: a, lambda **k: k, lambda x, *, y: x, lambda *a, y=1, **k: y],
)
def test_parameters_are_those_of_the_signature(function):
    inner = 1  # a local name is none of them

    def decorated(*args):
        return function(inner)

    decorated.__wrapped__ = function
    assert parameters(function) == list(inspect.signature(function).parameters)
    assert parameters(decorated) == parameters(function)


def cell(values, names):
    """What a cell's end tells, keys of arrays in place of their numbers."""
    found = values.namespace(names, {})
    values.end_message()
    return found


def leaf():
    x = torch.arange(3.0, requires_grad=True)
    (x * x).sum().backward()
    return x


def computed():
    return leaf() * 2


def shared():
    return torch.from_numpy(np.arange(3.0))


def plus_one(a, b=1):
    return a + b


def other(c):
    return c


def set_code(function):
    function.__code__ = other.__code__


def in_place(x):
    with torch.no_grad():
        x[1] = 7


def unnoticed(x):
    x.data[1] = 7  # the version stays


def minus_zero(x):
    x.data[0] = -0.0


def accumulate(x):
    (x * x).sum().backward()


def written_grad(x):
    x.grad.data[0] = 5.0


def other_grad(x):
    x.grad = x.grad.clone()


def no_grad(x):
    x.grad = None


def halved(x):
    x.data = x.data[:2]


def other_shape(x):
    x.data = x.data.reshape(1, 3)


def other_dtype(x):
    x.data = x.data.view(torch.int64)  # the same bytes


def emptied(x):
    x.untyped_storage().resize_(0)


def reshaped(x):
    x.resize_(1, 3)


CHANGES = [
    (leaf, in_place), (leaf, unnoticed), (leaf, minus_zero), (leaf, accumulate),
    (leaf, written_grad), (leaf, other_grad), (leaf, no_grad), (leaf, halved), (leaf, other_shape),
    (leaf, lambda x: x.requires_grad_(False)),
    (computed, unnoticed), (computed, lambda x: x.detach_()), (computed, lambda x: x.mul_(1)),
    (computed, lambda x: (x.retain_grad(), x.sum().backward())),
    (computed, lambda x: x.retain_grad()),
    (shared, lambda x: x.numpy().__setitem__(0, 9)), (shared, reshaped),
    (lambda: torch.ones(3), emptied),
    (shared, lambda x: x.requires_grad_()), (shared, lambda x: x.neg_()),
    (lambda: torch.ones(3, dtype=torch.float64), other_dtype),
    (lambda: torch.nn.Parameter(torch.ones(2)), unnoticed),
    (lambda: np.zeros(3), lambda a: a.__setitem__(0, -0.0)),
    (lambda: np.zeros(4), lambda a: setattr(a, "shape", (2, 2))),
    (lambda: np.zeros(4), lambda a: setattr(a, "dtype", np.int64)),
    (lambda: [1.0, 2.0], lambda a: a.append(3.0)),
    (lambda: type(plus_one)(plus_one.__code__, {}), set_code),
    (lambda: type(plus_one)(plus_one.__code__, {}),
     lambda f: setattr(f, "__signature__", inspect.signature(other))),
]  # fmt: skip


@pytest.mark.parametrize(("make", "change"), CHANGES)
def test_what_changed_since_the_last_cell_is_told_as_if_it_were_new(make, change):
    serials = Serials()
    values, thing = Values(serials), make()
    names = {"a": thing, "b": thing, "still": torch.ones(2)}
    first = cell(values, names)
    assert cell(values, names) == {"a": None, "b": None, "still": None}
    change(thing)
    again = cell(values, names)
    assert again["still"] is None
    anew = cell(Values(serials), names)
    assert again["a"] == again["b"] == anew["a"] != first["a"]
    assert cell(values, names) == {"a": None, "b": None, "still": None}


OTHERS = [
    (0.0, -0.0), (1, True), (1, 1.0), (0, False), (float("nan"), 1.0), (2**63, 2**64),
    (np.float64(1.0), 1.0), (np.float32(1.0), np.float64(1.0)), (np.zeros(2), np.zeros(2, "f4")),
    (torch.zeros(2), torch.zeros(2)), (torch.zeros(2), torch.zeros(1, 2)), (plus_one, other),
    (plus_one, len), (torch.zeros(0), torch.zeros(0, 2)), (None, ...), (1j, -1j), ("a", "b"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "another"), OTHERS)
def test_another_value_under_the_same_name_is_told(one, another):
    serials = Serials()
    values = Values(serials)
    for thing in (one, another, one):
        assert cell(values, {"a": thing}) == cell(Values(serials), {"a": thing})
        assert cell(values, {"a": thing}) == {"a": None}


def test_a_type_of_the_student_s_is_not_asked_what_it_is(values):
    asked = []

    class Meta(type):
        def __eq__(cls, other):
            asked.append(other)
            return True

        def __hash__(cls):
            asked.append(hash)
            return 0

    thing = Meta("Thing", (), {})()
    assert cell(values, {"a": thing}) == {"a": {"kind": "opaque", "why": "other"}}
    assert asked == []


def test_what_was_told_keeps_nothing_alive(values):
    thing, function = torch.ones(3), type(plus_one)(plus_one.__code__, {})
    note = np.dtype("f8", metadata={"of": (kept := torch.ones(1))})
    names = {"a": thing, "f": function, "n": np.ones(3), "noted": np.zeros(2, note)}
    cell(values, names)
    cell(values, names)
    gone = [weakref.ref(one) for one in (*names.values(), kept)]
    del thing, function, note, kept
    names.clear()
    assert [one() for one in gone] == [None] * 5


def test_what_had_no_room_in_one_message_is_told_in_another():
    values = Values(Serials(), run_bytes=1 << 14)
    names = {"small": torch.ones(2), "large": torch.ones(1000)}
    first = cell(values, names)
    assert first["large"]["data"]
    names |= {f"n{number}": torch.full((900,), float(number)) for number in range(3)}
    second = cell(values, names)
    assert [second[f"n{number}"].get("why") for number in range(3)].count("too-large") > 0
    values.remaining = 1 << 20
    values.begin_message()
    third = cell(values, names)
    assert all(third[f"n{number}"]["data"] for number in range(3))
    assert (third["small"], third["large"]) == (None, None)
