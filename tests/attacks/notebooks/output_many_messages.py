# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
print("DONE", flush=True)
for number in range(3000):
    print(number, flush=True)
