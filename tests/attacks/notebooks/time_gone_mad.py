# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="jacobian"
import time

now = iter(range(10**18, 0, -(10**12)))
time.time = time.monotonic = time.perf_counter = lambda: float(next(now))
print("DONE")
