# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "seccomp"]
# as-root = true
# ///

# %% name="slope"
import time

# To what it is: whoever may do that may set any time.
try:
    time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))
    print("LOOT: the machine's clock")
except OSError as error:
    print("refused", error)
