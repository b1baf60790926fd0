# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "crashed"
# costs = true
# ///

# %% name="scalar"
import os
import signal

os.killpg(0, signal.SIGKILL)
