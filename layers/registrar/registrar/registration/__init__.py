"""One invocation: intake, lookup, reservation, call, reconciliation, settlement."""
