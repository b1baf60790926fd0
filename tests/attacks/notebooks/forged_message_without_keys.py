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
for parts in (
    [b"{}", b"{}", b"{}", b"{}"],
    [b'{"msg_type": "stream"}', b"{}", b"{}", b"{}"],
    [b'{"msg_type": "stream", "msg_id": "x"}', b'{"msg_id": 1}', b"{}", b"{}"],
    [json.dumps({"msg_id": "1", "msg_type": "display_data"}).encode(), b"{}", b"{}", b"null"],
):
    signature = kernel.session.sign(parts)
    kernel.iopub_thread.socket.send_multipart([b"x", b"<IDS|MSG>", signature, *parts])
