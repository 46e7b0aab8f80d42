"""The registrant: fields, message and row; the reasons for a rejection or deferral; redaction."""
