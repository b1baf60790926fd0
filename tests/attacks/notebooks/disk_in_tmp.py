# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "limits"]
# costs = true
# ///

# %% name="slope"
import os

total = 0
names = [f"/tmp/@mark@-{number}" for number in range(30)]
try:
    for name in names:
        with open(name, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 100 << 20)
            total += 100 << 20
    print("LOOT: 3 GB in /tmp")
except OSError as error:
    print("refused", total, error)
for name in names:
    if os.path.exists(name):
        os.unlink(name)
