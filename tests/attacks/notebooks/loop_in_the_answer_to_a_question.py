# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "DONE"
# costs = true
# ///

# %% name="slope"
print("DONE")


def slope(a):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
