"""Everything a job is made of, in this process's memory."""
