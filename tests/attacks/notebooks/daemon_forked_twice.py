# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces"]
# succeeds = "survivor"
# ///

# %% name="slope"
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid() if os.getsid(0) == os.getpid() else None
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(1)
    os._exit(0)
os.wait()
