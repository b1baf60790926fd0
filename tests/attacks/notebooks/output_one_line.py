# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# once = true
# ///

# %% name="scalar"
import sys

print("DONE", flush=True)
sys.stdout.write("x" * (100 << 20))
sys.stdout.flush()
