# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="slope"
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
SEIZE = 0x4206
child = os.fork()
if child == 0:
    os._exit(0 if libc.ptrace(SEIZE, int("@pid@"), None, None) == 0 else 1)
if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
    print("LOOT: a process of the machine was traced")
