# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "crashed"
# costs = true
# ///

# %% name="scalar"
import os

os.abort()
