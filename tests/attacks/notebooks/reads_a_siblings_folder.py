# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# victim = true
# seconds = 4.0
# once = true
# ///

# %% name="function"
import glob
import os
import time

end = time.monotonic() + 1
found = []
while not found and time.monotonic() < end:
    found = glob.glob("@root@/t/*/work/victim.txt") + glob.glob("../../*/work/victim.txt")
    found += glob.glob("/proc/[0-9]*/cwd/victim.txt") + glob.glob("/scratch/*/work/victim.txt")
    time.sleep(0.05)
for name in found[:1]:
    with open(name) as file:
        print("LOOT:", file.read())
print(os.getcwd())
