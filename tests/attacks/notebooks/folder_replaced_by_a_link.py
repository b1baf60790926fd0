# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="slope"
import os

# Whoever removes the folder afterwards must not follow.
here = os.getcwd()
try:
    os.rename(here, here + "-gone")
    os.symlink("@precious@", here)
except OSError as error:
    print("refused", error)
try:
    os.symlink("@precious@", "precious")
except OSError as error:
    print("refused", error)
print("DONE")
