# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "timeout"
# costs = true
# ///

# %% name="scalar"
import ctypes
import threading

# pow of a huge number holds the interpreter's lock for minutes
threading.Thread(target=lambda: pow(7, 10**9), daemon=True).start()
while True:
    ctypes.pythonapi.PyErr_CheckSignals()
