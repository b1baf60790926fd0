# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "process"
# ///

# %% name="slope"
import resource

try:
    resource.prlimit(int("@pid@"), resource.RLIMIT_CORE, (1, 1))
except OSError as error:
    print("refused", error)
