"""Technical things with no council words: the floor that everything else stands on."""
