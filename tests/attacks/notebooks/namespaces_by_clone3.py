# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "seccomp"]
# ///

# %% name="slope"
import ctypes
import os
import struct

CLONE3, NEWUSER = 435, 0x10000000
arguments = struct.pack("8Q", NEWUSER, 0, 0, 0, 17, 0, 0, 0)
child = ctypes.CDLL(None, use_errno=True).syscall(CLONE3, arguments, len(arguments))
if child == 0:
    os._exit(0)
if child > 0:
    os.waitpid(child, 0)
    print("LOOT: a user namespace")
