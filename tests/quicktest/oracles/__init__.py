"""Other engines as oracles. They live in environments of their own: their licences must not reach this program."""
