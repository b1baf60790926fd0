# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
import base64

from IPython.display import display

print("DONE", flush=True)
picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20_000)).decode()
for _ in range(1500):
    display({"image/png": picture}, raw=True)
