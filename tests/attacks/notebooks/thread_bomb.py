# /// attack
# exercise = "control-flow-vector"
# defended-by = ["limits"]
# ///

# %% name="slope"
import threading

import torch

gate = threading.Event()
threads = []
threading.stack_size(65536)
try:
    while len(threads) < 2000:
        thread = threading.Thread(target=gate.wait, daemon=True)
        thread.start()
        threads.append(thread)
    print("LOOT: 2000 threads at once")
except (RuntimeError, MemoryError) as error:
    print("refused", len(threads), error)
finally:
    gate.set()
    for thread in threads:
        thread.join()
    threading.stack_size(0)
torch.get_num_threads()
