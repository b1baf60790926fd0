# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
kept = []
try:
    while len(kept) < 28:
        kept.append(bytearray(b"x") * (64 << 20))
    print("LOOT: 1.8 GB")
except MemoryError:
    print("refused", len(kept))
kept.clear()
