# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="slope"
import os

# Signal 0 tells only whether another would arrive.
try:
    parent = os.getppid()
    if parent:
        with open(f"/proc/{parent}/cmdline") as file:
            line = file.read()
        os.kill(parent, 0)
        if "--serve" in line and parent != 1:
            print("LOOT: the server can be killed")
except OSError as error:
    print("refused", error)
