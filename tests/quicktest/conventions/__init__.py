"""The conventions, held to the packages that they follow."""
