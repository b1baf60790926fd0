# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "timeout"
# costs = true
# ///

# %% name="scalar"
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
