# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import json
import struct

from IPython import get_ipython


def send(**message):
    text = json.dumps(message, default=str).encode()
    line.socket.sendall(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)


print("DONE", flush=True)
kernel = get_ipython().kernel
line = kernel.session.line
parent = kernel.get_parent("shell")["header"]
for date in ("9999999-01-01T00:00:00Z", "2020-13-45T99:99:99Z", "T" * 100_000, 1e400, [], None):
    header = dict(kernel.session.msg_header("status"), date=date)
    content = {"execution_state": "busy"}
    send(channel="iopub", header=header, parent_header=parent, metadata={}, content=content)
