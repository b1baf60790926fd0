# /// attack
# exercise = "control-flow-vector"
# defended-by = ["namespaces"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import os

total = 0
try:
    for number in range(6):
        with open(f"block{number}", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 60 << 20)
            total += 60 << 20
    print("LOOT: 360 MB on disk")
except OSError as error:
    print("refused", total, error)
for number in range(6):
    if os.path.exists(f"block{number}"):
        os.unlink(f"block{number}")
