# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import os

try:
    stranger = os.PRIO_PROCESS, int("@pid@")
    # Only root could take it back down: one step up from where all of this was started.
    os.setpriority(*stranger, os.getpriority(*stranger) + 1)
except OSError as error:
    print("refused", error)
