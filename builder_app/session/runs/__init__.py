"""Tests: run, kept, compared, explained."""
