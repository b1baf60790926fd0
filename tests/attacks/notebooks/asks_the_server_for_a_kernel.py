# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import glob
import json
import socket

paths = {"@root@/t/" + "x"}
try:
    with open("/proc/net/unix") as file:
        paths |= {line.split()[-1] for line in file}
except OSError as error:
    print("refused", error)
paths |= set(glob.glob("/tmp/*/t/*/run/*")) | set(glob.glob("/run/*server*"))
for path in paths:
    if not path.endswith("/run/server") or "@mark@" not in path:
        continue
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.settimeout(1)
            end.connect(path)
            end.send(json.dumps({"not": "a request"}).encode())
            print("LOOT: the server listens at", path)
    except OSError as error:
        print("refused", error)
