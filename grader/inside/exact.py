"""The numbers of a tensor or array, copied exactly and without disturbing it.

What comes out is C-ordered and has one of the wire's dtypes (F64, F32, I64, U64, BOOL; complex with
a last axis of 2), or is the reason why it could not be had.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import torch

LIMIT = 1 << 20  # bytes of one value

_base = torch._C.TensorBase
_dtype, _layout, _device = (getattr(_base, n).__get__ for n in ("dtype", "layout", "device"))
_nested, _quantized = (getattr(_base, n).__get__ for n in ("is_nested", "is_quantized"))
_detach, _clone, _to = _base.detach, _base.clone, _base.to
_numel, _element_size, _contiguous = _base.numel, _base.element_size, _base.is_contiguous
_is_neg, _pointer, _size = _base.is_neg, _base.data_ptr, _base.size
_storage, _offset = _base.untyped_storage, _base.storage_offset
_own_dispatch = torch.Tensor.__torch_dispatch__
_wrapped = torch._C._functorch.is_functorch_wrapped_tensor
_transforming = torch._C._functorch.peek_interpreter_stack
_unwrap = torch._C._functorch.get_unwrapped

DIRECT = {torch.float32: np.float32, torch.float64: np.float64, torch.int64: np.int64}
PLAIN = {torch.Tensor, torch.nn.Parameter}
NAMES = {
    dtype: name
    for name, dtype in vars(torch).items()
    if isinstance(dtype, torch.dtype) and str(dtype) == f"torch.{name}"
}
TO_FLOAT = {torch.float16, torch.bfloat16} | {
    getattr(torch, name)
    for name in dir(torch)
    if name.startswith("float8_") and isinstance(getattr(torch, name), torch.dtype)
}
TO_INT = {torch.int8, torch.int16, torch.int32, torch.uint8} | {
    getattr(torch, name) for name in ("uint16", "uint32") if hasattr(torch, name)
}
_no_dispatch = torch._C._DisableTorchDispatch
COMPLEX = {torch.complex64, torch.complex128, torch.complex32}


class unseen:  # noqa: N801 - reads as a block, entered for every value: no generator
    """A block whose tensor operations no mode and no subclass of the student's sees."""

    def __enter__(self) -> None:
        self.function, self.dispatch = torch._C.DisableTorchFunction(), _no_dispatch()
        self.function.__enter__()
        self.dispatch.__enter__()

    def __exit__(self, *error: object) -> None:
        self.dispatch.__exit__(*error)
        self.function.__exit__(*error)


def tensor_dtype(tensor: torch.Tensor) -> str:
    """The name of a tensor's dtype, without `torch.`."""
    return NAMES[_dtype(tensor)]


def why_not(tensor: torch.Tensor) -> str | None:
    """The reason why a tensor's numbers cannot be read, None where they can. Call it `unseen`."""
    kind = type(tensor)
    if kind not in PLAIN and getattr(kind, "__torch_dispatch__", None) is not _own_dispatch:
        return f"subclass:{type.__getattribute__(kind, '__name__')}"
    if _transforming() is not None or _wrapped(tensor):
        tensor = innermost(tensor)
        if type(tensor) not in PLAIN or not _plain(tensor):
            return "functorch"
    layout = _layout(tensor)
    if layout is not torch.strided:
        return f"layout:{str(layout)[6:]}"
    device = _device(tensor).type
    if device == "meta":
        return "device:meta"
    if _nested(tensor):
        return "layout:nested"
    if _quantized(tensor):
        return "layout:quantized"
    dtype = _dtype(tensor)
    if not (dtype in DIRECT or dtype in TO_FLOAT or dtype in TO_INT or dtype in COMPLEX) and (
        dtype not in (torch.bool, getattr(torch, "uint64", None))
    ):
        return f"dtype:{str(dtype)[6:]}"
    count, size = _numel(tensor), _element_size(tensor)
    if count * size > LIMIT:
        return "too-large"
    if count and device == "cpu":
        if not _contiguous(tensor):
            steps = zip(_size(tensor), _base.stride(tensor), strict=True)
            count = sum((n - 1) * step for n, step in steps) + 1
        if not _held(tensor, count):
            return "no-storage"
    return None


def _held(tensor: torch.Tensor, count: int) -> bool:
    """Whether its storage goes on for so many elements from its first: it may have been resized."""
    size = _element_size(tensor)
    return bool((_offset(tensor) + count) * size <= _storage(tensor).nbytes())


def innermost(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor that `torch.func.grad` and its like wrap; inside `vmap`, the whole batch."""
    while _wrapped(tensor):
        tensor = _unwrap(tensor)
    return tensor


def _plain(tensor: torch.Tensor) -> bool:
    """Whether the numbers lie in memory as they are, to be read without any operation of torch."""
    return (
        _layout(tensor) is torch.strided
        and _device(tensor).type == "cpu"
        and _dtype(tensor) in DIRECT
        and _contiguous(tensor)
        and not _is_neg(tensor)
    )


def read_tensor(tensor: torch.Tensor) -> np.ndarray:
    """A tensor's numbers. It must have no `why_not`; call it `unseen`.

    The copy comes before `numpy()`, which would forbid the student's storage to be resized.
    """
    tensor = innermost(tensor)
    dtype = _dtype(tensor)
    if _plain(tensor):  # the way of every training loop, several times as fast as the other
        return np.frombuffer(_memory(tensor), DIRECT[dtype]).reshape(_size(tensor))
    copy = _clone(_detach(tensor), memory_format=torch.contiguous_format)
    if _device(copy).type != "cpu":
        copy = _to(copy, "cpu")
    if dtype in DIRECT:
        return (_base.resolve_neg(copy) if _base.is_neg(copy) else copy).numpy()
    if dtype in TO_FLOAT:
        return _to(copy, torch.float32).numpy()
    if dtype in TO_INT:
        return _to(copy, torch.int64).numpy()
    if dtype in COMPLEX:
        copy = _base.resolve_neg(_base.resolve_conj(copy))
        if dtype is torch.complex32:
            copy = _to(copy, torch.complex64)
        return torch.view_as_real(copy).numpy()
    array = copy.numpy()
    if dtype is torch.bool:
        return array.view(np.uint8) != 0 if array.ndim else np.asarray(array.view(np.uint8) != 0)
    return array


def raw(tensor: torch.Tensor, most: int) -> bytes | None:
    """A copy of a tensor's memory where that holds its numbers as they are, in `most` bytes.

    None of any other tensor, whether it can be read or not. Call it `unseen`.
    """
    if type(tensor) not in PLAIN or _transforming() is not None or _wrapped(tensor):
        return None
    if _nested(tensor) or not _plain(tensor):
        return None
    count = _numel(tensor)
    if count * _element_size(tensor) > most or (count and not _held(tensor, count)):
        return None
    return _memory(tensor)


def _memory(tensor: torch.Tensor) -> bytes:
    """A copy of the memory of one that is `_plain` and that its storage holds."""
    return ctypes.string_at(_pointer(tensor), _numel(tensor) * _element_size(tensor))


def read_array(array: np.ndarray | np.generic) -> tuple[np.ndarray | None, str | None]:
    """The numbers of a NumPy array or scalar, and the reason where there are none."""
    kind = type(array)
    if issubclass(kind, np.ma.MaskedArray):
        return None, f"subclass:{type.__getattribute__(kind, '__name__')}"
    plain = np.ndarray.view(array, np.ndarray) if issubclass(kind, np.ndarray) else array
    plain = np.asarray(plain)
    if plain.dtype.kind not in "fciub":
        return None, f"dtype:{np.dtype(plain.dtype).name[:40]}"
    if plain.size * plain.dtype.itemsize > LIMIT:
        return None, "too-large"
    return _widen(plain)


def _widen(array: np.ndarray) -> tuple[np.ndarray | None, str | None]:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind in "iub":
        dtype = {"b": np.bool_, "u": np.uint64 if size == 8 else np.int64}.get(kind, np.int64)
        return np.array(array, dtype, order="C"), None
    parts = 1 if kind == "f" else 2
    if size > 8 * parts:
        with np.errstate(all="ignore"):
            narrow = array.astype(np.float64 if kind == "f" else np.complex128)
            if not np.array_equal(narrow.astype(array.dtype), array, equal_nan=True):
                return None, f"inexact:{array.dtype.name}"
    else:
        exact = {1: (np.float32, np.complex64), 2: (np.float64, np.complex128)}
        narrow = array.astype(exact[1 if size <= 4 * parts else 2][parts - 1])
    narrow = np.array(narrow, order="C")
    if kind == "c":
        half = narrow.real.dtype
        narrow = np.stack((narrow.real, narrow.imag), axis=-1).astype(half)
    return narrow, None


def scalar(number: Any) -> tuple[str, np.ndarray | None]:
    """A Python number's dtype name and numbers; None for an integer that 64 bits cannot hold."""
    kind = type(number)
    if kind is bool:
        return "bool", np.asarray(number)
    if issubclass(kind, int):
        plain = int.__int__(number)
        if -(2**63) <= plain < 2**63:
            return "int64", np.asarray(plain, np.int64)
        if 0 <= plain < 2**64:
            return "uint64", np.asarray(plain, np.uint64)
        return "int64", None
    if issubclass(kind, float):
        return "float64", np.asarray(float.__float__(number), np.float64)
    plain = complex.__complex__(number)
    return "complex128", np.asarray((plain.real, plain.imag), np.float64)
