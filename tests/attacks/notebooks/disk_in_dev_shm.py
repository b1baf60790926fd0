# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import os

total = 0
names = [f"/dev/shm/@mark@-{number}" for number in range(8)]
try:
    for name in names:
        with open(name, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 60 << 20)
            total += 60 << 20
    print("LOOT: 480 MB in /dev/shm")
except OSError as error:
    print("refused", total, error)
for name in names:
    if os.path.exists(name):
        os.unlink(name)
