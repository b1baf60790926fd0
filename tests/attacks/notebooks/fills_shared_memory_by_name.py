# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "seccomp"]
# succeeds = "leftover"
# ///

# %% name="question"
import ctypes

# A System V segment lives on when its maker is gone.
ctypes.CDLL(None).shmget(int("@segment@"), 4096, 0o1666)
