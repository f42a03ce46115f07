"""What Fengjing knows: records, built-in data, catalogue, index and retriever.

The lowest floor of the house; it imports nothing from the other four.
"""
