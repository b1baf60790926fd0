# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# carried-out = "timeout"
# costs = true
# ///

# %% name="scalar"
while True:
    pass
