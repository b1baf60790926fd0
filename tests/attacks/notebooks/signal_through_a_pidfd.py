# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import os
import signal

try:
    signal.pidfd_send_signal(os.pidfd_open(int("@pid@")), signal.SIGUSR1)
except OSError as error:
    print("refused", error)
