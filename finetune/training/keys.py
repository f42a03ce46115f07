"""LLaMA-Factory's keys that this trainer does not act on, and what becomes of each; plus the marks of other formats.

Keys that are acted on are the fields of `finetune.training.config.TrainConfig`.
"""

# Accepted so that a config of theirs runs here; they change nothing, for the reason given.
WITHOUT_EFFECT = {
    "trust_remote_code": "no code from a model's folder is ever run",
    "preprocessing_num_workers": "rows are read in one process",
    "preprocessing_batch_size": "rows are read in one process",
    "dataloader_num_workers": "tokenised rows lie in memory",
    "dataloader_pin_memory": "tokenised rows lie in memory",
    "dataloader_persistent_workers": "tokenised rows lie in memory",
    "overwrite_cache": "tokenised rows are not cached",
    "ddp_timeout": "the launcher's business",
    "local_rank": "the launcher's business",
    "flash_attn": "attention is torch's own",
    "enable_liger_kernel": "logits are computed for the answer's tokens only anyway",
    "use_unsloth_gc": "gradient checkpointing is torch's own",
    "use_cache": "training keeps no key-value cache",
    "low_cpu_mem_usage": "always so",
    "enable_thinking": "the model's own template decides",
    "print_param_status": "the trainable share is always printed",
    "include_num_input_tokens_seen": "tokens are always counted",
    "include_tokens_per_second": "tokens are always counted",
    "compute_accuracy": "the token accuracy is always computed",
    "logging_first_step": "the first step is always logged",
    "log_level": "errors and progress are always shown",
    "disable_tqdm": "progress is shown by 'fengjing jobs'",
    "report_to": "runs are read from their files",
    "run_name": "a run is named by its folder",
    "remove_unused_columns": "rows hold nothing unused",
    "upcast_layernorm": "sums are kept in float32",
    "upcast_lmhead_output": "sums are kept in float32",
    "resize_vocab": "no tokens are added",
    "use_fast_tokenizer": "always so",
    "split_special_tokens": "special tokens are never split",
    "cache_dir": "set FENGJING_HOME or the hub's own cache",
    "hub_model_id": "nothing is uploaded",
    "push_to_hub": "nothing is uploaded",
    "do_eval": "decided by eval_dataset or val_size",
    "prediction_loss_only": "always so while training",
    "length_column_name": "lengths are counted",
    "save_strategy": "decided by save_steps",
    "logging_strategy": "decided by logging_steps",
    "metric_for_best_model": "the best is the one with the lowest eval_loss",
    "greater_is_better": "the best is the one with the lowest eval_loss",
}

# Known keys that would change what is trained; ignoring them silently would be a lie.
NOT_OFFERED = {
    "use_unsloth": "remove it",
    "rope_scaling": "remove it; the base's own context length is used",
    "pissa_init": "remove it: such an adapter does not fit the base it is served on",
    "pissa_iter": "remove it",
    "pissa_convert": "remove it",
    "loraplus_lr_ratio": "remove it and raise learning_rate",
    "create_new_adapter": "merge the old adapter first ('fengjing merge'), then train on the merged base",
    "streaming": "remove it; rows are read into memory",
    "tokenized_path": "remove it; rows are tokenised at each start",
    "galore": "remove it", "use_galore": "remove it", "use_apollo": "remove it", "use_badam": "remove it",
    "use_llama_pro": "remove it", "use_adam_mini": "remove it", "shift_attn": "remove it",
    "mixture_of_depths": "remove it",
    "freeze_trainable_layers": "remove it; finetuning_type is lora", "freeze_trainable_modules": "remove it; finetuning_type is lora",
    "pref_beta": "remove it; stage is sft", "pref_loss": "remove it; stage is sft", "ref_model": "remove it; stage is sft",
    "reward_model": "remove it; stage is sft", "dpo_label_smoothing": "remove it; stage is sft",
}

OTHER_VERBS = {
    "do_predict": "fengjing evaluate", "predict_with_generate": "fengjing evaluate", "export_dir": "fengjing export",
    "infer_backend": "fengjing chat",
}

# LLaMA-Factory's v1 files and other trainers', told by keys that v0 never had: their name for it, ours.
V1_KEYS = {
    "model": "model_name_or_path", "peft_config": "lora_rank, lora_alpha, lora_dropout, lora_target", "train_dataset": "dataset with dataset_dir",
    "micro_batch_size": "per_device_train_batch_size", "dist_config": "(the launcher's business)", "quant_config": "quantization_bit",
    "kernel_config": "(not needed)", "init_config": "(not needed)",
}
AXOLOTL_KEYS = {
    "base_model": "model_name_or_path", "datasets": "dataset with dataset_dir", "lora_r": "lora_rank", "sequence_len": "cutoff_len",
    "lora_target_linear": "lora_target: all", "lora_target_modules": "lora_target", "num_epochs": "num_train_epochs", "micro_batch_size": "per_device_train_batch_size",
    "val_set_size": "val_size", "sample_packing": "packing", "load_in_4bit": "quantization_bit: 4", "load_in_8bit": "quantization_bit: 8",
}
OTHER_TOOLS = {"LLaMA-Factory's v1 format": (V1_KEYS, {"peft_config", "train_dataset", "dist_config", "micro_batch_size", "model"}),
               "Axolotl's format": (AXOLOTL_KEYS, {"base_model", "datasets", "lora_r", "sequence_len"})}

# Tokens a model must know for a template of LLaMA-Factory's to be its own; "own" takes whatever the base brings.
CHATML = ("<|im_start|>", "<|im_end|>")
TEMPLATES = {
    "qwen": CHATML, "qwen3": CHATML, "qwen3_nothink": CHATML, "qwen2_vl": CHATML, "chatml": CHATML, "yi": CHATML, "intern2": CHATML,
    "chatglm3": ("<|user|>", "<|assistant|>"), "glm4": ("<|user|>", "<|assistant|>"),
    "llama3": ("<|start_header_id|>", "<|eot_id|>"), "gemma": ("<start_of_turn>", "<end_of_turn>"),
    "phi": ("<|user|>", "<|end|>"), "mistral": ("[INST]", "[/INST]"), "deepseek3": ("<｜User｜>", "<｜Assistant｜>"),
}
