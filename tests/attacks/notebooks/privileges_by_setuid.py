# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "seccomp"]
# as-root = true
# ///

# %% name="slope"
import ctypes
import os

# As root, and with capabilities, the rest would be a matter of time.
with open("/proc/self/status") as file:
    status = dict(line.split(":", 1) for line in file)
if int(status["CapEff"], 16) or int(status["CapPrm"], 16):
    print("LOOT: capabilities", status["CapEff"].strip())
if os.path.exists("/bin/su") and status["NoNewPrivs"].strip() == "0":
    print("LOOT: programs with the bit set may change user")
ctypes.CDLL(None).setuid(0)
