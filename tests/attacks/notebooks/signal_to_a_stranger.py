# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import os
import signal

try:
    os.kill(int("@pid@"), signal.SIGUSR1)
except OSError as error:
    print("refused", error)
