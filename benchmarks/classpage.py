"""How long the class's page of N students takes: to be made, to be opened, to be sorted.

    python -m benchmarks.classpage [N]

Making is timed from the gradebook's lines in memory to the page's bytes, warm and cold. In Chromium
(Debian's, with Playwright) each sort, filter and search is timed from the event to the frame after
it has been laid out and painted; of each the median and the slowest of 24 are shown,
and the CPU time of the page's main thread, which a busy machine does not change.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from grader.batch.classpage import class_bytes
from grader.classroom import line, overview
from tests.classroom.samples import klass
from tests.pages.browser import Browser, lacking

TIMED = """async act => {
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const took = [], heads = [...document.querySelectorAll('#table th button')];
  const find = document.getElementById('find'), state = document.getElementById('state');
  const acts = {
    sort: at => heads[at % heads.length].click(),
    search: at => { find.value = 'anna boris li'.split(' ')[at % 3].slice(0, 1 + at % 4);
                    find.dispatchEvent(new Event('input', {bubbles: true})); },
    filter: at => { find.value = ''; state.selectedIndex = at % state.options.length;
                    state.dispatchEvent(new Event('input', {bubbles: true})); },
  };
  for (let at = 0; at < 24; at++) {
    await frame();
    const began = performance.now();
    acts[act](at);
    await frame();
    took.push(performance.now() - began);
  }
  return took;
}"""


def made(n: int, file: Path) -> dict[str, Any]:
    """Make the page of `n` students; seconds of parts."""
    lines = [line(grade) for grade in klass(n)]
    told: dict[str, Any] = {"students": len(lines)}
    for name in ("cold", "warm"):
        began, cpu = time.perf_counter(), time.process_time()
        page = class_bytes(overview("autograd", lines), "en", file, None)
        told[f"{name}_seconds"] = round(time.perf_counter() - began, 3)
        told[f"{name}_cpu_seconds"] = round(time.process_time() - cpu, 3)
    file.write_bytes(page)
    return told | {"kilobytes": len(page) // 1000}


def opened(file: Path) -> dict[str, Any]:
    """What Chromium takes with it, in milliseconds."""
    browser = Browser()
    told: dict[str, Any] = {}
    try:
        with browser.open(file, size=(1280, 900)) as seen:
            timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
            told["load_ms"] = round(seen.page.evaluate(timing))
            meter = seen.page.context.new_cdp_session(seen.page)
            meter.send("Performance.enable")
            for act in ("sort", "search", "filter"):
                before = thread_time(meter)
                took = seen.page.evaluate(TIMED, act)
                told[act] = {
                    "median_ms": round(statistics.median(took)),
                    "slowest_ms": round(max(took)),
                    "mean_cpu_ms": round(1000 * (thread_time(meter) - before) / len(took)),
                }
    finally:
        browser.close()
    return told


def thread_time(meter: Any) -> float:
    """Seconds of CPU time that the page's main thread has used."""
    found = meter.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in found if one["name"] == "ThreadTime"))


def main() -> None:
    """Print what was measured as JSON."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "class.html"
        told = made(n, file)
        told["chromium"] = lacking() or opened(file)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
