"""ChatGLM3: THUDM's original checkpoints and adapters, made native to transformers."""
