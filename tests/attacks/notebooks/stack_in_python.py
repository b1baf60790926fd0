# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
import sys


def deeper():
    return deeper()


print("DONE", flush=True)
sys.setrecursionlimit(10**9)
deeper()
