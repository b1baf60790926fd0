# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits"]
# costs = true
# ///

# %% name="slope"
kept = []
try:
    while len(kept) < 40:
        kept.append(bytearray(b"x") * (64 << 20))
    print("LOOT: 2.5 GB")
except MemoryError:
    print("refused", len(kept))
kept.clear()
