# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
import os
import socket

os.mkfifo("fifo")
os.symlink("/dev/zero", "endless")
os.symlink("loop", "loop")
os.symlink("/", "everything")
os.symlink("@solution@", "data.csv")
os.symlink("@precious@", "precious")
os.mkdir("locked")
open("locked/file", "w").close()
os.chmod("locked", 0)
end = socket.socket(socket.AF_UNIX)
end.bind("socket")
os.makedirs("/".join(["deep"] * 400), exist_ok=True)
open("name\nwith\nlines \udcff", "w").close()
print("DONE")
