"""The probe: the only code of ours that enters the process in which a student's code runs.

The folder is copied next to the run and loaded from there as the package `inside`; it imports the
standard library, torch, numpy, matplotlib, safetensors and ipykernel, and nothing of the grader.

launch → kernel → probe → passes, figures, noted → values → exact, serials → wire; and from the
kernel keeper → answers → inputs.
"""
