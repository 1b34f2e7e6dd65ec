"""One repository for each table. Each is made for one principal and sees only what that principal may see."""
