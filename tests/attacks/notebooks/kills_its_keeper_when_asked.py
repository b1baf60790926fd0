# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="slope"
print("DONE")


def slope(a):
    import os
    import signal

    os.kill(os.getppid(), signal.SIGKILL)
    while True:
        pass
