"""What a chaos run checks: attempts, invariants, the recorded facts, the report."""
