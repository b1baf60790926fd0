# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# victim = true
# ///

# %% name="function"
import os

# Signal 0 changes nothing and tells whether another would arrive.
own = {os.getpid(), os.getppid(), 1}
for number in map(int, filter(str.isdigit, os.listdir("/proc"))):
    try:
        with open(f"/proc/{number}/cmdline") as file:
            kernel = "--serve" in file.read() or os.path.exists(f"/proc/{number}/cwd/victim.txt")
        with open(f"/proc/{number}/stat") as file:
            parent = int(file.read().rsplit(")", 1)[1].split()[1])
        if kernel and number not in own and parent not in (os.getpid(),):
            os.kill(number, 0)
            if os.path.exists(f"/proc/{number}/cwd/victim.txt"):
                print("LOOT: could stop", number)
                break
    except (OSError, ValueError):
        continue
