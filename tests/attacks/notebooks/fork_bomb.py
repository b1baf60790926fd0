# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits"]
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import os

# Small processes, for a fork of a kernel takes long: each reads what never comes.
children = []
reading, writing = os.pipe()
try:
    while len(children) < 400:
        child = os.posix_spawn(
            "/bin/cat", ["cat"], {}, file_actions=[(os.POSIX_SPAWN_DUP2, reading, 0)]
        )
        children.append(child)
    print("LOOT: 400 processes at once")
except OSError as error:
    print("refused", len(children), error)
os.close(writing)
for child in children:
    os.waitpid(child, 0)
