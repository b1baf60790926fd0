"""What grading costs, here and elsewhere: `make bench`."""
