# /// attack
# exercise = "control-flow-vector"
# defended-by = ["namespaces", "limits"]
# costs = true
# ///

# %% name="slope"
import os

total = 0
try:
    for number in range(30):
        with open(f"block{number}", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 100 << 20)
            total += 100 << 20
    print("LOOT: 3 GB on disk")
except OSError as error:
    print("refused", total, error)
for number in range(30):
    if os.path.exists(f"block{number}"):
        os.unlink(f"block{number}")
