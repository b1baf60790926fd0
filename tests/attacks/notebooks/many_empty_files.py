# /// attack
# exercise = "control-flow-vector"
# defended-by = ["namespaces"]
# costs = true
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import shutil
from pathlib import Path

# Each costs memory of the machine's and an entry to be removed afterwards.
folder = Path("many")
folder.mkdir()
try:
    for number in range(20000):
        (folder / str(number)).touch()
    print("LOOT: 20000 files")
except OSError as error:
    print("refused", number, error)
shutil.rmtree(folder)
