"""Rows of the tables: submissions, registrants, the daily call count, the suppression list, the pause flag."""
