# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits", "seccomp"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import os

files = []
block = b"x" * (16 << 20)
try:
    for number in range(14):
        files.append(os.memfd_create(f"m{number}"))
        for _ in range(8):
            os.write(files[-1], block)
    print("LOOT: 1.8 GB in memfds")
except (OSError, MemoryError) as error:
    print("refused", error)
for file in files:
    os.close(file)
