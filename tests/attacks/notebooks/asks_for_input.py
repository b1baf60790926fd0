# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
print("DONE")
input("password? ")
