"""What a block's recipe may say, and how it is read."""
