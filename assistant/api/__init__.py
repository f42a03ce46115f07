"""The HTTP API over `TravelAssistant`, compatible with OpenAI's; `app.create_app` makes it, `fengjing serve` runs it."""
