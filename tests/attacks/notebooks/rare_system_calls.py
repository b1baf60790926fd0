# /// attack
# exercise = "control-flow-vector"
# defended-by = ["seccomp"]
# ///

# %% name="slope"
import ctypes
import errno
import platform

calls = {"io_uring_setup": 425, "statmount": 457, "listmount": 458, "open_tree_attr": 467}
if platform.machine() == "x86_64":
    calls |= {"keyctl": 250, "add_key": 248, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323}
libc = ctypes.CDLL(None, use_errno=True)
found = []
for name, number in calls.items():
    ctypes.set_errno(0)
    if libc.syscall(number, 0, None, 0, 0, 0) >= 0:
        found.append(name)
    elif ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
        found.append(name)
if found:
    print("LOOT:", *found)
