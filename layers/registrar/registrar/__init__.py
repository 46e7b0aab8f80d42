"""What the three functions share: the registrant, the way to Zoom, and the account of what became of everybody."""
