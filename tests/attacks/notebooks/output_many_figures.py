# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# once = true
# ///

# %% name="scalar"
import matplotlib.pyplot as plt

print("DONE", flush=True)
for _ in range(25):
    plt.figure(figsize=(2, 2))
    plt.plot([0, 1])
    plt.show()
