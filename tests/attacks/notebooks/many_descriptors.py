# /// attack
# exercise = "control-flow-vector"
# defended-by = ["limits"]
# ///

# %% name="slope"
import os
import resource

hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
opened = []
try:
    while len(opened) < 8000:
        opened.append(os.open("/dev/null", os.O_RDONLY))
    print("LOOT: 8000 descriptors")
except OSError as error:
    print("refused", len(opened), error)
for number in opened:
    os.close(number)
