# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces"]
# succeeds = "survivor"
# ///

# %% name="slope"
import os
import time

# Each child leaves the session and doubles, six times over.
if os.fork() == 0:
    for _ in range(5):
        os.setsid() if os.getpid() != os.getsid(0) else None
        try:
            os.fork()
        except OSError:
            break
    end = time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(1)
    os._exit(0)
