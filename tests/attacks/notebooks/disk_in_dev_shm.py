# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "limits", "cgroup"]
# costs = true
# ///

# %% name="slope"
import os

total = 0
names = [f"/dev/shm/@mark@-{number}" for number in range(30)]
try:
    for name in names:
        with open(name, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 80 << 20)
            total += 80 << 20
    print("LOOT: 2.4 GB in /dev/shm")
except OSError as error:
    print("refused", total, error)
for name in names:
    if os.path.exists(name):
        os.unlink(name)
