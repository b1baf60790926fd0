# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="slope"
import os
import resource

# (1, 1) for the memory of the server once ended it for a whole class; its own limits do no harm.
try:
    own = resource.prlimit(os.getppid() or 1, resource.RLIMIT_CORE)
    resource.prlimit(os.getppid() or 1, resource.RLIMIT_CORE, own)
    print("LOOT: limits of", os.getppid())
except OSError as error:
    print("refused", error)
