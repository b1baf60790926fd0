# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import os
import signal

try:
    os.kill(-1, signal.SIGCONT)
except OSError as error:
    print("refused", error)
