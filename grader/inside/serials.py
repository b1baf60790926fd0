"""Serial numbers that tell tensor objects and graph nodes apart for the length of a run."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import torch

_weak = torch._C._WeakTensorRef
_address = torch._C.TensorBase._cdata.__get__


class Serials:
    """Gives tensors and nodes their numbers. Safe in threads.

    A tensor is known by its C++ address together with a weak reference, which keeps the address
    (not the data) from being used again. A node carries its number in its `metadata`, which lives
    as long as the C++ node; an AccumulateGrad goes by its tensor, because it is made anew.
    """

    KEY = " "

    def __init__(self) -> None:
        self.tensors: dict[int, tuple[Any, int]] = {}
        self.accumulators: dict[int, int] = {}
        self.next_tensor = itertools.count()
        self.next_node = itertools.count()
        self.lock = threading.RLock()
        self.purge_at = 2000

    def tensor(self, tensor: torch.Tensor) -> int:
        """The number of this tensor object."""
        address = _address(tensor)
        with self.lock:
            known = self.tensors.get(address)
            if known is not None:
                return known[1]
            if len(self.tensors) >= self.purge_at:
                self._purge()
            serial = next(self.next_tensor)
            self.tensors[address] = (_weak(tensor), serial)
            return serial

    def node(self, node: Any, leaf: int | None) -> int:
        """The number of a graph node; `leaf` is the number of an AccumulateGrad's tensor."""
        with self.lock:
            if leaf is not None:
                serial = self.accumulators.get(leaf)
                if serial is None:
                    serial = self.accumulators[leaf] = next(self.next_node)
                return serial
            metadata = node.metadata
            serial = metadata.get(self.KEY)
            if serial is None:
                serial = metadata[self.KEY] = next(self.next_node)
            return serial

    def forget(self, *tensors: Any) -> None:
        """Let go of tensors; `torch.utils.swap_tensors` refuses those with weak references."""
        with self.lock:
            for tensor in tensors:
                if issubclass(type(tensor), torch.Tensor):
                    self.tensors.pop(_address(tensor), None)

    def _purge(self) -> None:
        gone = [address for address, (ref, _) in self.tensors.items() if ref.expired()]
        for address in gone:
            serial = self.tensors.pop(address)[1]
            self.accumulators.pop(serial, None)
        self.purge_at = max(2000, 2 * len(self.tensors))
