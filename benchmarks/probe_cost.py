"""What the probe costs a small training loop: `python benchmarks/probe_cost.py [ROUNDS]`.

The same loop (a network of 16, 64 and 1 units, batches of 64, 1,500 steps, one thread) with and
without the probe in turn, in one process, in thread CPU time. Machines are noisy: of each segment
of 50 steps the fastest round counts, and a second plain run is the control.
"""

from __future__ import annotations

import sys
import time

import torch

from grader.inside.probe import Probe

SEGMENTS, STEPS = 30, 50


def loop(best: list[float]) -> None:
    """Train; keep the fastest time of each segment."""
    torch.manual_seed(0)
    inputs, targets = torch.randn(64, 16), torch.randn(64, 1)
    net = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.Tanh(), torch.nn.Linear(64, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    for segment in range(SEGMENTS):
        began = time.thread_time()
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = ((net(inputs) - targets) ** 2).mean()
            loss.backward()
            optimizer.step()
        best[segment] = min(best[segment], time.thread_time() - began)


def main(rounds: int) -> None:
    """Print the ratio of probed to plain time, and of the control."""
    torch.set_num_threads(1)
    graph, autograd = torch.autograd.graph, torch.autograd
    plain = (graph._engine_run_backward, autograd._make_grads)
    probe = Probe(None)
    probe.passes.install()
    woven = (graph._engine_run_backward, autograd._make_grads)

    def timed(pair: tuple[object, object], best: list[float]) -> None:
        graph._engine_run_backward = autograd._engine_run_backward = pair[0]  # type: ignore
        autograd._make_grads = pair[1]  # type: ignore
        loop(best)

    first, probed, control = ([9.0] * SEGMENTS for _ in range(3))
    timed(plain, [9.0] * SEGMENTS)
    for _ in range(rounds):
        timed(plain, first)
        timed(woven, probed)
        probe.passes.take()
        probe.values.end_message()
        timed(plain, control)
    print(
        f"plain {sum(first):.3f} s; probed × {sum(probed) / sum(first):.3f}; "
        f"control × {sum(control) / sum(first):.3f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
