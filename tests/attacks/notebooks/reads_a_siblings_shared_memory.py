# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# victim = true
# seconds = 4.0
# once = true
# ///

# %% name="function"
import time

end = time.monotonic() + 1
while time.monotonic() < end:
    try:
        with open("/dev/shm/@mark@-victim") as file:
            print("LOOT:", file.read())
            break
    except OSError:
        time.sleep(0.05)
