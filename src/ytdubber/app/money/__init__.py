"""What is paid, and what it cost."""
