# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# once = true
# ///

# %% name="scalar"
from IPython.display import display

print("DONE", flush=True)
for kind in ("application/x-attack", "text/html", "image/svg+xml", "application/json"):
    display({kind: "x" * (24 << 20)}, raw=True)
