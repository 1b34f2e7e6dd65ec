"""The prices that tests run on, as the window asks for them."""
