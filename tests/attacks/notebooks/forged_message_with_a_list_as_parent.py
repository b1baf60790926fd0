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
header = kernel.session.msg_header("stream")
header["date"] = "2020-01-01T00:00:00Z"
for parent in ([1, 2], "parent", 7, None, {"msg_id": []}, {"msg_id": {"a": 1}}):
    content = {"name": "stdout", "text": "forged"}
    parts = [json.dumps(part).encode() for part in (header, parent, {}, content)]
    signature = kernel.session.sign(parts)
    kernel.iopub_thread.socket.send_multipart([b"x", b"<IDS|MSG>", signature, *parts])
