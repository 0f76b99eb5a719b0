"""Files in folders of this machine."""
