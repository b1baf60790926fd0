"""Reports given back to students."""
