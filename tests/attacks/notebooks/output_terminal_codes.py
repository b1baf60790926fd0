# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="scalar"
print("DONE \x1b]0;owned\x07\x1b[2J\x1b[1;1H\x9b31m\u202e")
