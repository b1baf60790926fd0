# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "crashed"
# costs = true
# ///

# %% name="scalar"
import ctypes

ctypes.string_at(0)
