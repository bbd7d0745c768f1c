"""The papers of an engagement pack, one a file; templates beside them."""
