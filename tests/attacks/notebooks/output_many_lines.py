# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# once = true
# ///

# %% name="scalar"
print("DONE", flush=True)
for number in range(200_000):
    print(number)
