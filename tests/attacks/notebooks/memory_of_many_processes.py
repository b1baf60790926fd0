# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits"]
# costs = true
# ///

# %% name="slope"
import os
import signal

# Each child stays below a limit of its own; together they do not.
children, told = [], 0
reading, writing = os.pipe()
try:
    for _ in range(8):
        child = os.fork()
        if child == 0:
            try:
                block = bytearray(b"x") * (400 << 20)
                os.write(writing, b"x")
                signal.pause()
            finally:
                os._exit(0)
        children.append(child)
    os.close(writing)
    while told < 8 and os.read(reading, 1):
        told += 1
    if told == 8:
        print("LOOT: 3.2 GB in eight processes")
except OSError as error:
    print("refused", error)
finally:
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
