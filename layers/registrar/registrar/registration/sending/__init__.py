"""Sending one batch: which registrants each call carries, the calls, and the check of a webinar that Zoom refused."""
