"""Training: a YAML of LLaMA-Factory's keys in, a LoRA adapter and a run's files out."""
