# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# open = "a keeper has no descriptor left to answer with"
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
