# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="slope"
import os

print("DONE", flush=True)
opened = []
try:
    while len(opened) < 20000:
        opened.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
