# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "seccomp"]
# as-root = true
# ///

# %% name="slope"
import os
import stat

# The device of the first disk
try:
    os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
    print("LOOT: a block device")
    os.unlink("disk")
except OSError as error:
    print("refused", error)
