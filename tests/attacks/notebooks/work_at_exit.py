# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
import atexit
import threading


def work():
    while True:
        pass


atexit.register(work)
threading._register_atexit(work)
print("DONE")
