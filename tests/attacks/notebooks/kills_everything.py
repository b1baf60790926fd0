# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# costs = true
# ///

# %% name="scalar"
import os
import signal

try:
    os.kill(int("@pid@"), 0)
    print("LOOT: a process of the machine can be killed")
except ProcessLookupError:
    # Not one of the machine's processes is in sight, so that no harm can come of this.
    os.kill(-1, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
except PermissionError as error:
    print("refused", error)
