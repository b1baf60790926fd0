"""Python objects as the protocol's `V`, without disturbing what is looked at.

A `V` that is made here first holds its numbers as an array under `data`; `Values.settle` puts a key
in its place when the message is sent, so that hashing is not paid while the student's code runs.
"""

from __future__ import annotations

import contextlib
import inspect
import operator
import types
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from .exact import innermost, read_array, read_tensor, scalar, tensor_dtype, unseen, why_not
from .marks import mark
from .serials import Serials
from .wire import digest

V = dict[str, Any]
Told = tuple[V, tuple[Any, ...] | None]  # a value as it was told, and its mark (`marks`)

NAMES = 200
WORDS = 20  # strings of a list that is told as one text: the answer to a question
TEXT = 1000
ELEMENTS = 100_000
RUN_BYTES = 48 << 20

_base = torch._C.TensorBase
_requires_grad, _is_leaf, _retains, _grad_fn, _grad, _version = (
    getattr(_base, name).__get__
    for name in ("requires_grad", "is_leaf", "retains_grad", "grad_fn", "grad", "_version")
)
_module = (types.ModuleType,)
_python = (types.FunctionType, types.MethodType)
_builtin = (types.BuiltinFunctionType, types.MethodWrapperType, types.WrapperDescriptorType)


class Values:
    """Observes values and keeps the account of what was sent.

    At most a quarter of what remains of the run's bytes goes into one message, so that no cell can
    use up what later ones need.
    """

    def __init__(self, serials: Serials, run_bytes: int = RUN_BYTES) -> None:
        self.serials = serials
        self.remaining = run_bytes
        self.known: set[str] = set()
        self.pending: deque[V] = deque()
        self.told: dict[str, Told] = {}
        self.begin_message()

    def begin_message(self) -> None:
        """Start with a fresh message: its allowance, its arrays, what it leaves out."""
        self.allowance = self.remaining // 4
        self.arrays: dict[str, np.ndarray] = {}
        self.truncated: set[str] = set()

    def end_message(self) -> tuple[dict[str, np.ndarray], list[str]]:
        """Settle all values that were observed: the message's new arrays, what was left out."""
        while self.pending:  # threads may add to it meanwhile
            self.settle(self.pending.popleft())
        arrays, truncated = self.arrays, sorted(self.truncated)
        self.begin_message()
        return arrays, truncated

    def settle(self, value: V) -> V:
        """Put a key where the value's array is, or the reason why it cannot be sent."""
        array = value.get("data")
        if not isinstance(array, np.ndarray):
            return value
        key = digest(array)
        if key not in self.known:
            if array.nbytes > self.allowance:
                value["data"], value["why"] = None, "too-large"
                self.truncated.add("values")
                return value
            self.allowance -= array.nbytes
            self.remaining -= array.nbytes
            self.known.add(key)
            self.arrays[key] = array
        value["data"] = key
        return value

    def filled(self, value: V, array: np.ndarray) -> V:
        """A value with its numbers, to be settled when its message is sent."""
        value["data"] = array
        self.pending.append(value)
        return value

    def tensor(self, tensor: torch.Tensor, *, grad: bool = True, limit: int | None = None) -> V:
        """A tensor; with its `.grad` where reading that does not warn. Call it `unseen`."""
        value: V = {"kind": "tensor"}
        try:
            value["dtype"] = tensor_dtype(tensor)
            value["id"] = self.serials.tensor(tensor)
            value["requires_grad"] = _requires_grad(tensor)
            value["leaf"] = leaf = _is_leaf(tensor)
            if not leaf:
                value["grad_fn"] = node_name(_grad_fn(tensor))
            with contextlib.suppress(RuntimeError):  # inference tensors have none
                if version := _version(tensor):
                    value["version"] = version
            value["why"] = why = why_not(tensor)
            with contextlib.suppress(Exception):  # nested tensors have none
                value["shape"] = [int(n) for n in _base.size(innermost(tensor))]
            if grad and (leaf or _retains(tensor)) and why is None:
                own = _grad(tensor)
                value["grad"] = None if own is None else self.tensor(own, grad=False)
            if why is None:
                if limit is not None and _base.numel(tensor) * _base.element_size(tensor) > limit:
                    value["why"] = "too-large"
                else:
                    self.filled(value, read_tensor(tensor))
        except Exception as error:
            value.update(data=None, why=f"failed:{type(error).__name__}")
        if value["why"] == "too-large":
            self.truncated.add("values")
        return value

    def array(self, array: np.ndarray | np.generic) -> V:
        """A NumPy array or scalar."""
        data, why = read_array(array)
        plain = np.ndarray if isinstance(array, np.ndarray) else np.generic
        value: V = {
            "kind": "array",
            "dtype": plain.dtype.__get__(array).name[:40],  # type: ignore[attr-defined]
            "shape": list(plain.shape.__get__(array)),  # type: ignore[attr-defined]
            "why": why,
        }
        if why == "too-large":
            self.truncated.add("values")
        return value if data is None else self.filled(value, data)

    def any(self, thing: Any) -> V:
        """Whatever a name may stand for."""
        with unseen():
            return self._any_or_why(thing)

    def _any_or_why(self, thing: Any) -> V:
        try:
            return self._any(thing)
        except Exception as error:
            return {"kind": "opaque", "why": f"failed:{type(error).__name__}"}

    def _any(self, thing: Any) -> V:
        kind = type(thing)
        if thing is None:
            return {"kind": "none"}
        if issubclass(kind, torch.Tensor):
            return self.tensor(thing)
        if issubclass(kind, (np.ndarray, np.generic)):
            return self.array(thing)
        if issubclass(kind, (int, float, complex)):
            dtype, data = scalar(thing)
            value: V = {"kind": "number", "dtype": dtype, "shape": []}
            return self.filled(value, data) if data is not None else value | {"why": "overflow"}
        if issubclass(kind, str):
            text = str.__str__(thing)
            if len(text) > TEXT:
                self.truncated.add("text")
            return {"kind": "text", "text": text[:TEXT]}
        if issubclass(kind, (list, tuple)):
            return self.sequence(thing)
        if issubclass(kind, _python):
            return {"kind": "function", "text": ",".join(parameters(thing))[:TEXT]}
        if issubclass(kind, _builtin):
            return {"kind": "function", "text": ""}
        # Only the placeholder `...` is opaque without a reason.
        return {"kind": "opaque"} if thing is ... else {"kind": "opaque", "why": "other"}

    def sequence(self, items: Any) -> V:
        """A list or tuple of numbers, or of tensors or arrays of one shape; else opaque."""
        elements = list(list.__iter__(items) if isinstance(items, list) else tuple.__iter__(items))
        if len(elements) > ELEMENTS:
            return {"kind": "opaque", "why": "too-large"}
        if 0 < len(elements) <= WORDS and all(type(part) is str for part in elements):
            return {"kind": "text", "text": ", ".join(elements)[:TEXT]}
        got = numbers(elements, 0)
        if got is None:
            return {"kind": "opaque", "why": "other"}
        dtype, data = got
        shape = list(data.shape[: data.ndim - dtype.startswith("complex")])
        return self.filled({"kind": "list", "dtype": dtype, "shape": shape}, data)

    def namespace(self, names: dict[str, Any], own: dict[str, Any]) -> dict[str, V | None]:
        """What is in the student's namespace: `own` are the shell's names, at what they were.

        None stands for a value of which nothing has changed since it was told last time.
        """
        told, seen = self.told, {}
        with unseen():
            for late, name, thing in _in_turn(_observable(names, own)):
                if len(seen) == NAMES:
                    if not late:
                        self.truncated.add("names")
                    break
                seen[name] = self._looked_at(thing, told.get(name))
        self.told = seen
        return {
            name: None if (last := told.get(name)) is not None and last[0] == value else value
            for name, (value, _) in seen.items()
        }

    def _looked_at(self, thing: Any, last: Told | None) -> Told:
        """A settled value, and its mark; what has the mark that it had is not looked at anew."""
        try:
            marked = mark(thing, self.serials)
        except Exception:
            marked = None
        if marked is not None and last is not None and last[1] == marked:
            return last
        value = self._any_or_why(thing)
        self.settle(value)
        whole = not value.get("why")
        if value.get("grad"):
            whole = not self.settle(value["grad"]).get("why") and whole
        # What was too much for its message may have a place in another one.
        return value, marked if whole else None


def _observable(names: dict[str, Any], own: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    missing = object()
    for name, thing in list(dict.items(names)):
        if type(name) is not str or name.startswith("_") or len(name) > 200:
            continue
        if own.get(name, missing) is thing or issubclass(type(thing), _module):
            continue
        yield name, thing


def _in_turn(names: Iterable[tuple[str, Any]]) -> list[tuple[int, str, Any]]:
    """Names that tell little come last, where the bound may cut them off, the oldest behind.

    `from pylab import *` brings a thousand: nothing is said to be cut off where only such are.
    """
    every = [(_late(thing), name, thing) for name, thing in names]
    if len(every) > NAMES:
        every = [one for one in every if not one[0]] + [one for one in every[::-1] if one[0]]
    return sorted(every, key=operator.itemgetter(0))


def _late(thing: Any) -> int:
    """0 of what an answer may be; 1 of what may be one of the student's own; 2 of the rest."""
    kind = type(thing)
    if issubclass(kind, (torch.Tensor, np.ndarray, np.generic, int, float, complex, str, list)):
        return 0
    if thing is None or thing is ... or issubclass(kind, tuple):
        return 0
    if issubclass(kind, types.FunctionType):  # imported, or written in a cell
        return int(types.FunctionType.__getattribute__(thing, "__module__") != "__main__")
    return 2 if issubclass(kind, _builtin) else 1


def numbers(elements: list[Any], depth: int) -> tuple[str, np.ndarray] | None:
    """The dtype and the stacked numbers of a list; None where they are not numbers of one shape."""
    if not elements or depth > 4:
        return None
    parts = [_element(element, depth) for element in elements]
    if any(part is None for part in parts):
        return None
    dtypes = {dtype for dtype, _, _ in parts}  # type: ignore[misc]
    python = all(from_python for _, _, from_python in parts)  # type: ignore[misc]
    dtype = dtypes.pop() if len(dtypes) == 1 else _common(dtypes) if python else None
    if dtype is None or len({data.shape for _, data, _ in parts}) != 1:  # type: ignore[misc]
        return None
    data = np.ascontiguousarray(np.stack([data for _, data, _ in parts]))  # type: ignore[misc]
    return None if data.nbytes > 1 << 20 else (dtype, data)


def _element(element: Any, depth: int) -> tuple[str, np.ndarray, bool] | None:
    kind = type(element)
    if issubclass(kind, torch.Tensor):
        if why_not(element) is not None:
            return None
        return tensor_dtype(element), read_tensor(element), False
    if issubclass(kind, (np.ndarray, np.generic)):
        data, _ = read_array(element)
        return None if data is None else (element.dtype.name, data, False)
    if issubclass(kind, (int, float, complex)):
        dtype, data = scalar(element)
        return None if data is None else (dtype, data, True)
    if issubclass(kind, (list, tuple)):
        got = numbers(list(element), depth + 1)
        return None if got is None else (*got, True)
    return None


def _common(dtypes: set[str]) -> str | None:
    """What Python makes of numbers of several types; complex ones have an axis more."""
    return "float64" if "float64" in dtypes and dtypes <= {"float64", "int64"} else None


def node_name(node: Any) -> str:
    """The class name of a graph node, for nodes without a Python class the C++ one."""
    name = type(node).__name__
    return str(node.name()).rpartition("::")[2] if name == "CppFunction" else name


def parameters(function: Callable[..., Any]) -> list[str]:
    """The names of a function's parameters."""
    if type(function) is types.FunctionType and not function.__dict__:
        return _of_code(function.__code__)
    try:
        return list(inspect.signature(function).parameters)
    except Exception:
        code = getattr(function, "__code__", None)
        return list(code.co_varnames[: code.co_argcount]) if code else []


def _of_code(code: types.CodeType) -> list[str]:
    """What `inspect.signature` finds, which is slow, in its order."""
    named, only = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    rest = [*code.co_varnames[only:]]
    several = [rest.pop(0)] if code.co_flags & inspect.CO_VARARGS else []
    keywords = [rest.pop(0)] if code.co_flags & inspect.CO_VARKEYWORDS else []
    return [*code.co_varnames[:named], *several, *code.co_varnames[named:only], *keywords]
