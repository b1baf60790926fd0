# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "removed"
# ///

# %% name="question"
from IPython import get_ipython

get_ipython().system("rm -rf @precious@")
