# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
import ctypes
import os

libc = ctypes.CDLL(None)
made = []
for _ in range(4000):
    number = libc.inotify_init1(0)
    if number < 0:
        break
    libc.inotify_add_watch(number, b".", 0xFFF)
    made.append(number)
for number in made:
    os.close(number)
print("DONE", len(made))
