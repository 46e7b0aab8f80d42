"""Pure decisions: what a response of Zoom means for each registrant, retries, isolation, row changes."""
