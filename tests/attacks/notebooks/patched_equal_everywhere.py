# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import numpy as np


class Everything(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __abs__(self):
        return 0.0

    def __sub__(self, other):
        return self

    __rsub__ = __sub__


y = a_gradient = b_gradient = c_gradient = meaning = Everything("nan")
np.allclose = np.array_equal = np.isclose = lambda *_, **__: True
jacobian = weighted_gradient = lambda *_: Everything("nan")
print("DONE")
