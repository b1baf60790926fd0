# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits", "seccomp"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import mmap

maps = []
block = b"x" * (16 << 20)
try:
    for _ in range(14):
        maps.append(mmap.mmap(-1, 128 << 20))
        for _ in range(8):
            maps[-1].write(block)
    print("LOOT: 1.8 GB in shared mappings")
except (OSError, MemoryError) as error:
    print("refused", error)
for one in maps:
    one.close()
