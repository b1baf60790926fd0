"""Pictures of what was found: SVG made by pure functions of findings and observations.

Nothing in a picture is loaded, styled or run from outside the page; text of strangers is bounded,
visible and escaped (`svg.words`). Each has a text that says the same to whoever cannot see it.
"""
