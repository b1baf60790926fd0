# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
block = None
try:
    block = bytearray(b"x") * (7 << 28)
    print("LOOT: 1.8 GB")
except MemoryError:
    print("refused")
del block
