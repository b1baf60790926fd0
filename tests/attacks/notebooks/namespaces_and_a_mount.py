# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="slope"
import ctypes
import os

# Over the keepers' and the probe's files, or whatever else is in sight.
libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    NEWUSER, NEWNS = 0x10000000, 0x20000
    if libc.unshare(NEWUSER | NEWNS):
        os._exit(1)
    os.mkdir("over")
    os._exit(0 if libc.mount(b"tmpfs", b"over", b"tmpfs", 0, None) == 0 else 2)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print("LOOT: a mount" if status == 0 else f"refused {status}")
