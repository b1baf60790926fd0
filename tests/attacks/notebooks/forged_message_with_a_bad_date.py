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
for date in ("9999999-01-01T00:00:00Z", "2020-13-45T99:99:99Z", "T" * 100_000, 1e400, [], None):
    header = dict(kernel.session.msg_header("status"), date=date)
    content = {"execution_state": "busy"}
    parts = [json.dumps(p, default=str).encode() for p in (header, parent, {}, content)]
    signature = kernel.session.sign(parts)
    kernel.iopub_thread.socket.send_multipart([b"x", b"<IDS|MSG>", signature, *parts])
