# /// attack
# exercise = "control-flow-vector"
# defended-by = ["cgroup", "limits"]
# seconds = 8.0
# once = true
# ///

# %% name="slope"
import threading

import torch

gate = threading.Event()
threads = []
threading.stack_size(65536)
try:
    while len(threads) < 400:
        thread = threading.Thread(target=gate.wait, daemon=True)
        thread.start()
        threads.append(thread)
    print("LOOT: 400 threads at once")
except (RuntimeError, MemoryError) as error:
    print("refused", len(threads), error)
finally:
    gate.set()
    for thread in threads:
        thread.join()
    threading.stack_size(0)
torch.get_num_threads()
