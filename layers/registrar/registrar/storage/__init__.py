"""Rows of RegistrantTable and AccountTable: registrants, the daily call count, the suppression list, the pause flag."""
