# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="jacobian"
import sys
import threading

print("DONE", flush=True)


def look(frame, event, argument):
    if "inside" in frame.f_code.co_filename and "expect" in frame.f_locals:
        print("LOOT:", frame.f_locals["expect"])
    return look


sys.settrace(look)
sys.setprofile(look)
threading.settrace(look)
