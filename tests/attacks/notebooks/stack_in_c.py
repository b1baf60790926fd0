# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "crashed"
# costs = true
# ///

# %% name="scalar"
import ctypes

callback = ctypes.CFUNCTYPE(ctypes.c_int)


def deeper():
    return callback(deeper)()


import sys

sys.setrecursionlimit(10**9)
deeper()
