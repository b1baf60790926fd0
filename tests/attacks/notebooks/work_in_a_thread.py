# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
import threading
import time


def work():
    while True:
        time.sleep(0.01)


threading.Thread(target=work).start()
print("DONE")
