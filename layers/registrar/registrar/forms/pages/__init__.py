"""The pages that registrants see: the form, its status, messages, and the script that embeds the form. Pure."""
