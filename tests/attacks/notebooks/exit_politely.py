# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
import sys

print("DONE")
sys.exit(0)
