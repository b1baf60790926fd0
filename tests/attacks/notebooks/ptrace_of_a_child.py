# /// attack
# exercise = "control-flow-vector"
# defended-by = ["seccomp"]
# ///

# %% name="slope"
import ctypes
import os

libc = ctypes.CDLL(None)
child = os.fork()
if child == 0:
    os._exit(0 if libc.ptrace(0, 0, None, None) == 0 else 1)
if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
    print("LOOT: ptrace")
