"""The product: settings, `TravelAssistant`, conversations, and the command line."""
