# /// attack
# exercise = "backward-twice"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="inputs"
from IPython import get_ipython

# Passes that never were, in the four cells of this exercise that follow.
print("DONE", flush=True)
(probe,) = {
    f.__self__ for f in get_ipython().events.callbacks["post_run_cell"] if "Probe" in repr(f)
}
take = probe.passes.take
left = [0] * 5


def forged():
    events, total, cut = take()
    left.pop()
    if not left:
        probe.passes.take = take
    ok = {
        "serial": 0,
        "api": "backward",
        "roots": [{"kind": "tensor", "dtype": "float32", "id": 1}],
        "gradients": [None],
        "retain_graph": True,
        "create_graph": False,
        "inputs": None,
        "leaves": [
            {
                "id": 0,
                "value": {"kind": "tensor", "dtype": "float32", "shape": [4], "id": 0},
                "before": None,
                "after": {"kind": "tensor", "dtype": "float32", "shape": [4], "id": 3},
            }
        ],
        "nodes": [
            {"id": 0, "name": "MulBackward0", "next": [1], "leaf": None},
            {"id": 1, "name": "AccumulateGrad", "next": [], "leaf": 0},
        ],
        "returned": [],
        "error": None,
        "line": 2,
        "detailed": True,
    }
    text = "Trying to backward through the graph a second time (or directly access saved tensors)"
    error = {"type": "RuntimeError", "text": text, "line": 2}
    two = [ok, {**ok, "serial": 1, "error": error}]
    return two, 2, set()


if probe.cell is not None:
    probe.passes.take = forged
