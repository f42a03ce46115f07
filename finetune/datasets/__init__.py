"""Data sets for fine-tuning: made from the knowledge base, converted, split, registered, checked and looked at."""
