"""The code that pictures become: made, checked, certified, kept, exported, read back."""
