# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "timeout"
# costs = true
# ///

# %% name="scalar"
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
