# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import os
import select
import signal

# Each child stays below a limit of its own; together they do not.
children, told, ended = [], 0, 0
reading, writing = os.pipe()
for _ in range(4):
    child = os.fork()
    if child == 0:
        try:
            block = bytearray(b"x") * (450 << 20)
            os.write(writing, b"x")
            signal.pause()
        finally:
            os._exit(0)
    children.append(child)
while told < 4 and not ended:
    if select.select([reading], [], [], 0.05)[0]:
        told += len(os.read(reading, 1))
    ended, _ = os.waitpid(-1, os.WNOHANG)
print("refused" if ended else "LOOT: 1.8 GB in four processes")
for child in {*children} - {ended}:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
