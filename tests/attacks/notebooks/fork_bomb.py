# /// attack
# exercise = "control-flow-vector"
# defended-by = ["limits"]
# ///

# %% name="slope"
import os
import signal

children = []
try:
    while len(children) < 600:
        child = os.fork()
        if child == 0:
            signal.pause()
            os._exit(0)
        children.append(child)
    print("LOOT: 600 processes at once")
except OSError as error:
    print("refused", len(children), error)
finally:
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)
