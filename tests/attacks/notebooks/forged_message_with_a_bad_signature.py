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
parts = [json.dumps(part, default=str).encode() for part in (header, {}, {}, {})]
send = kernel.iopub_thread.socket.send_multipart
send([b"x", b"<IDS|MSG>", b"0" * 64, *parts])
send([b"x", b"<IDS|MSG>", b"", *parts])
send([b"x", b"<IDS|MSG>"])
send([b"x", b"no delimiter", b"at", b"all"])
send([b""])
for _ in range(2):  # the same message once more
    send([b"x", b"<IDS|MSG>", kernel.session.sign(parts), *parts])
