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

    # Once is enough; each time costs the grader a wait.
    if not os.path.exists("stopped"):
        open("stopped", "w").close()
        os.kill(os.getpid(), signal.SIGSTOP)
    return a
