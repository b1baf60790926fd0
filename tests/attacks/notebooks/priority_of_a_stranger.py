# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import os

try:
    os.setpriority(os.PRIO_PROCESS, int("@pid@"), 5)
except OSError as error:
    print("refused", error)
