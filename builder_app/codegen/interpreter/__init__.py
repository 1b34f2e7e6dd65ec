"""The flow worked out block by block, independently of the text, and the certificate that both are equal."""
