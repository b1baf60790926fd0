# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "written"
# ///

# %% name="slope"
import os
import time

# Writes when the notebook is graded and nobody looks any more, if it lives that long.
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(30):
            try:
                with open("@writable@", "w") as file:
                    file.write("changed")
            except OSError:
                pass
            time.sleep(0.1)
    os._exit(0)
os.wait()
