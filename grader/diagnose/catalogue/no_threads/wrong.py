"""One after the other, in the thread that is there already."""

import threading

seen = [threading.current_thread().name for part in range(4)]
answer = any(name != threading.main_thread().name for name in seen)
# mypy: ignore-errors
