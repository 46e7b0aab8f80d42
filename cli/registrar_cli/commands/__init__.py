"""One command a file: what is asked, what is printed, which exit code."""
