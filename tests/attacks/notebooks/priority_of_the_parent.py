# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="slope"
import os

try:
    parent = os.getppid() or 1
    os.setpriority(os.PRIO_PROCESS, parent, os.getpriority(os.PRIO_PROCESS, parent))
    print("LOOT: priority of", parent)
except OSError as error:
    print("refused", error)
