# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="slope"
print("DONE")


def slope(a):
    import os

    # Once is enough; each time costs the grader a wait.
    while not os.path.exists("looped"):
        open("looped", "w").close()
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
    return a
