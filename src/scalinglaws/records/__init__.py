"""What the records must look like, and how their text is read, resolved and checked."""
