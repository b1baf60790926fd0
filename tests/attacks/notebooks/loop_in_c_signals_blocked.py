# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "timeout"
# costs = true
# ///

# %% name="scalar"
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
sum(range(10**15))
