"""What a dataset needs beyond a recipe, a module each: tables in another shape, procedures that are no single fit."""
