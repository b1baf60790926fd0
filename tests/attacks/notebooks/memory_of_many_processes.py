# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import os
import signal
import socket

# Each child stays below a limit of its own; together they do not.
children, ends = [], []
for _ in range(4):
    end, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            end.close()
            block = bytearray(b"x") * (450 << 20)
            theirs.send(b"filled")
            if theirs.recv(1):
                theirs.send(b"held")
        finally:
            os._exit(0)
    theirs.close()
    children.append(child)
    ends.append(end)
# One that has been killed may have filled its block before: only those that answer after all are
# full have held it together. The dead do not answer.
try:
    together = all(end.recv(8) for end in ends)
    if together:
        for end in ends:
            end.send(b"?")
        together = all(end.recv(8) for end in ends)
except OSError:
    together = False
print("LOOT: 1.8 GB in four processes" if together else "refused")
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
