"""Each part is handed to a thread of a pool."""

import threading
from concurrent.futures import ThreadPoolExecutor


def one_part(part):
    return threading.current_thread().name


with ThreadPoolExecutor(4) as pool:
    seen = list(pool.map(one_part, range(4)))
answer = any(name != threading.main_thread().name for name in seen)
# mypy: ignore-errors
