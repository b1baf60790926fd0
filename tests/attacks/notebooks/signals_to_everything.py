# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import os

try:
    os.kill(-1, int("@signal@"))
except OSError as error:
    print("refused", error)
