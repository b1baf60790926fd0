# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import os

found = 0
for number in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open(f"/proc/{number}/cmdline") as file:
            found += "tests" in file.read() or number == "@parent@"
    except OSError:
        continue
if found:
    print("LOOT:", found)
