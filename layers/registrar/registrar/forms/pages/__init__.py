"""HTML pages in the reader's language: the registration form, the status, messages."""
