"""Passages and their vectors: what is searched is shipped ready, so that a first start computes nothing."""

from pathlib import Path

import numpy as np

from knowledge.embedding import DIMENSIONS, E5Embeddings, load_vectors, save_vectors
from knowledge.library import all_passages
from knowledge.passages import passages_of, text_key
from tests.knowledge.small_world import a_city, a_sight, shipped


def test_a_sight_has_a_chinese_and_an_english_passage() -> None:
    """Each passage holds the names, the tags and the summary in its own language."""
    sight = a_sight(aliases=["回澜阁"], tags=["海滨", "日落"], summary_en="An old pier.")
    chinese, english = passages_of(sight, a_city())
    assert chinese.text == "青岛 栈桥 回澜阁。海滨、日落。伸进海湾的老码头。"
    assert english.text == "Zhanqiao Pier, Qingdao. seaside, sunset. An old pier."
    assert [(f"{sight.id}:zh", "zh"), (f"{sight.id}:en", "en")] == [(p.id, p.language) for p in (chinese, english)]


def test_what_a_sight_is_known_for_has_passages_of_its_own() -> None:
    """A description is compared with a description; where none is given there is no such passage."""
    sight = a_sight(known_for="啤酒瓶上的亭子、老码头", known_for_en="pavilion on the beer label")
    *_, chinese, english = passages_of(sight, a_city())
    assert (chinese.text, english.text) == ("青岛。啤酒瓶上的亭子、老码头", "Qingdao. pavilion on the beer label")
    assert len({passage.id for passage in passages_of(sight, a_city())}) == 4
    assert len(passages_of(a_sight(), a_city())) == 2


def test_a_key_is_the_text_and_nothing_else() -> None:
    """One character more is another vector."""
    assert text_key("hello") == "2cf24dba5fb0a30e"
    assert text_key("栈桥") != text_key("栈桥。")


def test_every_shipped_passage_has_a_shipped_vector() -> None:
    """A first start embeds no passage: each one's vector came with the data."""
    vectors = load_vectors()
    missing = [passage.id for passage in all_passages(shipped()) if text_key(passage.text) not in vectors]
    assert (len(missing), missing[:5]) == (0, [])


def test_no_vector_ships_without_its_passage() -> None:
    """Vectors of passages that were rewritten are not carried along."""
    keys = {text_key(passage.text) for passage in all_passages(shipped())}
    assert len(load_vectors().keys() - keys) == 0


def test_shipped_vectors_are_unit_vectors_of_the_default_embedder() -> None:
    """384 numbers each, of length one to the precision of float16."""
    vectors = np.array(list(load_vectors().values()), dtype=np.float32)
    assert vectors.shape[1] == DIMENSIONS
    assert np.allclose(1.0, np.linalg.norm(vectors, axis=1), atol=0.005)


def test_shipped_texts_are_not_computed_again() -> None:
    """Only a text without a shipped vector is embedded, each text keeps its own vector, and the rest is counted."""
    shelf = {text_key("栈桥"): np.full(DIMENSIONS, 0.5, dtype=np.float16)}
    embeddings = E5Embeddings(shelf)
    new, old = embeddings.embed_documents(["八大关", "栈桥"])
    assert (embeddings.computed, old) == (1, [0.5] * DIMENSIONS)
    assert len(new) == DIMENSIONS
    assert new != old


def test_questions_and_passages_of_one_meaning_lie_near_across_languages() -> None:
    """The real embedder puts a Chinese question nearer to the English passage that answers it than to another."""
    embeddings = E5Embeddings()
    query = np.array(embeddings.embed_query("哪里可以泡温泉"))
    spring, museum = np.array(embeddings.embed_documents(["A hot spring to bathe in.", "A museum of ancient bronzes."]))
    assert query @ spring > query @ museum


def test_vectors_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    """A round trip through the file changes a cosine by less than 0.001."""
    vector = np.random.default_rng(7).normal(size=DIMENSIONS)
    vector /= np.linalg.norm(vector)
    save_vectors(["栈桥"], [vector.tolist()], tmp_path / "vectors.npz")
    stored = load_vectors(tmp_path / "vectors.npz")
    assert [text_key("栈桥")] == list(stored)
    assert abs(1.0 - float(stored[text_key("栈桥")].astype(float) @ vector)) < 0.001


def test_without_a_file_no_vectors_are_known(tmp_path: Path) -> None:
    """A source checkout without vectors still starts."""
    assert load_vectors(tmp_path / "none.npz") == {}
