# /// attack
# exercise = "control-flow-vector"
# defended-by = ["namespaces", "limits"]
# costs = true
# ///

# %% name="slope"
import os

try:
    with open("block", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 3 << 30)
    print("LOOT: a file of 3 GB")
except OSError as error:
    print("refused", error)
if os.path.exists("block"):
    os.unlink("block")
