# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits"]
# costs = true
# ///

# %% name="slope"
block = None
try:
    block = bytearray(b"x") * (5 << 29)
    print("LOOT: 2.5 GB")
except MemoryError:
    print("refused")
del block
