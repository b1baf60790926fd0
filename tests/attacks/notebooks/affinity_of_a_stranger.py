# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import os

try:
    os.sched_setaffinity(int("@pid@"), {0})
except OSError as error:
    print("refused", error)
