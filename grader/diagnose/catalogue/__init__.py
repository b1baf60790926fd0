"""The known misconceptions, one folder each."""
