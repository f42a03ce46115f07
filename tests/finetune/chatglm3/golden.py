"""Write the golden values of every case: `python tests/finetune/chatglm3/golden.py`; needed only when a case changes."""

from pathlib import Path

import numpy as np
from reference import Reference
from thudm import CASES, GREEDY, KEPT, Case, random_weights

FOLDER = Path(__file__).parent / "golden"


def golden(case: Case) -> dict[str, np.ndarray]:
    """The last logits of a case, and what is said greedily after its first half, by the reference in double precision."""
    reference = Reference(random_weights(case), case.config)
    half = case.ids[: case.tokens // 2]
    return {"logits": reference.logits(case.ids)[-KEPT:].astype(np.float32), "greedy": np.array(reference.greedy(half, GREEDY))}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for case in CASES.values():
        values = golden(case)
        np.savez_compressed(FOLDER / f"{case.name}.npz", **values)
        print(f"{case.name}: logits' spread {values['logits'].std():.2f}, greedy {values['greedy'].tolist()}")
