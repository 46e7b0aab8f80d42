"""What a chaos run submits: webinars, submissions, and which of them are valid."""
