"""The store's health: measured, cleaned up, told."""
