"""Formulas: read from text, printed in other languages, evaluated, differentiated, solved and made optimal."""
