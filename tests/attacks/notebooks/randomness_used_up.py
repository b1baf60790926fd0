# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import os

for _ in range(20):
    os.urandom(10 << 20)
try:
    with open("/dev/random", "rb") as file:
        file.read(1 << 20)
except OSError:
    pass
print("DONE")
