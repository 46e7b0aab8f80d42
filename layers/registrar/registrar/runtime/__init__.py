"""What Lambda provides: settings, AWS clients, threads, the deadline of an invocation."""
