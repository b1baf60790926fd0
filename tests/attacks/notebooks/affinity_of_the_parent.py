# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="slope"
import os

try:
    parent = os.getppid() or 1
    os.sched_setaffinity(parent, os.sched_getaffinity(parent))
    print("LOOT: affinity of", parent)
except OSError as error:
    print("refused", error)
