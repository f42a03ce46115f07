"""The picture of a run: training and validation loss over the steps, from its log, named as LLaMA-Factory names it."""

from typing import Any

from finetune.training.run_folder import RunFolder

INK, PALE, WARM = "#1f4e5f", "#9fc3cf", "#d9822b"
SMOOTHING = 0.6  # weight of the past in the smoothed line


def draw(folder: RunFolder) -> None:
    """Write `training_loss.png` (both losses) and `training_eval_loss.png`, where the log holds such points."""
    lines = folder.lines()
    training, validation = _points(lines, "loss"), _points(lines, "eval_loss")
    if training:
        _figure(folder, "training_loss.png", training, validation)
    if validation:
        _figure(folder, "training_eval_loss.png", [], validation)


def smoothed(values: list[float]) -> list[float]:
    """The running mean that forgets: each value counts for 1 - SMOOTHING of it."""
    result: list[float] = []
    for value in values:
        result.append(value if not result else SMOOTHING * result[-1] + (1 - SMOOTHING) * value)
    return result


def _points(lines: list[dict[str, Any]], key: str) -> list[tuple[int, float]]:
    return [(line["current_steps"], line[key]) for line in lines if isinstance(line.get(key), int | float) and "current_steps" in line]


def _figure(folder: RunFolder, name: str, training: list[tuple[int, float]], validation: list[tuple[int, float]]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    if training:
        steps, losses = zip(*training, strict=True)
        axes.plot(steps, losses, color=PALE, label="training", marker="." if len(steps) < 3 else "")
        axes.plot(steps, smoothed(list(losses)), color=INK, label="training, smoothed")
    if validation:
        steps, losses = zip(*validation, strict=True)
        axes.plot(steps, losses, color=WARM, marker="o", label="validation")
    axes.set(xlabel="step", ylabel="loss", title=folder.path.name)
    axes.grid(alpha=0.25)
    axes.legend()
    part = folder.path / f"{name}.part"
    figure.savefig(part, dpi=110, format="png")
    part.replace(folder.path / name)
