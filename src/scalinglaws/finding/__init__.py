"""Search: what a user asks for, as conditions and as an order."""
