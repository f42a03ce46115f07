"""The store: what was said is kept, word for word and fact for fact."""

import time
from pathlib import Path

import pytest
import sqlalchemy

from assistant.store import ESCAPE, TITLE_CHARS, Store
from chains.facts import Facts
from knowledge.errors import StorageError
from knowledge.library import Library
from tests.chains.turns import QINGDAO, QINGDAO_EN, gather


@pytest.fixture
def store(database_url: str) -> Store:
    """An empty store, in a file and in PostgreSQL."""
    return Store(database_url)


def sql(url: str, statement: str, **values: object) -> list[tuple[object, ...]]:
    """Run a statement beside the store and return its rows."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        done = connection.execute(sqlalchemy.text(statement), values)
        rows = [tuple(row) for row in done] if done.returns_rows else []
    engine.dispose()
    return rows


def said(store: Store, conversation: int) -> list[tuple[str, str]]:
    """Role and words of every message."""
    return [(message.role, message.text) for message in store.messages(conversation)]


def test_messages_come_back_in_order(store: Store) -> None:
    """What was said is read back as it was said, oldest first."""
    conversation = store.new_conversation()
    store.add(conversation, "user", "你好")
    store.add(conversation, "assistant", "你好呀", stopped=True)
    first, second = store.messages(conversation)
    assert (first.role, first.text, first.facts, first.stopped) == ("user", "你好", None, False)
    assert (second.role, second.text, second.facts, second.stopped) == ("assistant", "你好呀", None, True)
    assert second.id > first.id


def test_conversations_do_not_mix(store: Store) -> None:
    """Each conversation holds its own messages only."""
    one, two = store.new_conversation(), store.new_conversation()
    store.add(one, "user", "青岛")
    store.add(two, "user", "北京")
    assert said(store, one) == [("user", "青岛")]
    assert said(store, two) == [("user", "北京")]


def test_a_conversation_is_named_after_its_first_words(store: Store) -> None:
    """The first thing said, cut to a line's length, is the title, and stays it."""
    conversation = store.new_conversation()
    store.add(conversation, "user", "  去青岛" + "玩" * 100)
    store.add(conversation, "user", "换成杭州")
    assert [info.title for info in store.conversations()] == [("去青岛" + "玩" * 100)[:TITLE_CHARS]]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_conversation_that_began_with_nothing_is_still_listed(store: Store, text: str) -> None:
    """Even an empty first message leaves a conversation that can be found and deleted."""
    conversation = store.new_conversation()
    store.add(conversation, "user", text)
    assert [info.id for info in store.conversations()] == [conversation]
    assert store.conversations()[0].title


def test_only_conversations_with_words_are_listed_newest_first(store: Store) -> None:
    """The one spoken in last stands first; one in which nothing was said is not listed."""
    old, new, _silent = (store.new_conversation() for _ in range(3))
    for conversation, text in ((old, "青岛"), (new, "北京"), (old, "还有吗")):
        store.add(conversation, "user", text)
        time.sleep(0.002)
    assert [info.id for info in store.conversations()] == [old, new]


def test_the_last_question_can_be_taken_back(store: Store) -> None:
    """The last question goes with its answer, the ones before stay, and its words are returned."""
    conversation = store.new_conversation()
    for role, text in (("user", "一"), ("assistant", "甲"), ("user", "二"), ("assistant", "乙")):
        store.add(conversation, role, text)  # type: ignore[arg-type]
    assert store.forget_last(conversation) == "二"
    assert said(store, conversation) == [("user", "一"), ("assistant", "甲")]
    assert store.forget_last(conversation) == "一"
    assert store.forget_last(conversation) is None
    assert said(store, conversation) == []


def test_a_question_without_an_answer_can_be_taken_back(store: Store) -> None:
    """A turn that was cut before its answer is taken back alone."""
    conversation = store.new_conversation()
    for role, text in (("user", "一"), ("assistant", "甲"), ("user", "二")):
        store.add(conversation, role, text)  # type: ignore[arg-type]
    assert store.forget_last(conversation) == "二"
    assert said(store, conversation) == [("user", "一"), ("assistant", "甲")]


def test_a_deleted_conversation_is_gone_and_others_stay(store: Store, database_url: str) -> None:
    """Deleting removes every message of the conversation from the disk's tables, and of no other."""
    gone, kept = store.new_conversation(), store.new_conversation()
    for conversation in (gone, kept):
        store.add(conversation, "user", "青岛")
    store.delete(gone)
    assert store.messages(gone) == []
    assert [info.id for info in store.conversations()] == [kept]
    assert sql(database_url, "select conversation from message") == [(kept,)]


def test_a_conversation_that_does_not_exist_is_named(store: Store) -> None:
    """Speaking into a deleted conversation says what to do, and keeps nothing."""
    with pytest.raises(StorageError, match="no conversation 77; start a new one"):
        store.add(77, "user", "在吗")
    assert store.messages(77) == []


@pytest.mark.parametrize("question", [
    QINGDAO, QINGDAO_EN, "故宫几点开门", "青岛吃什么", "12月5日两大一小去北京玩三天,人均五百,不爬山", "去铁岭玩什么", "你好", "青岛玩40天",
])
def test_facts_come_back_whole(store: Store, library: Library, question: str) -> None:
    """Facts of every kind are read back equal to what was stored: cards, prices, hours, sources and the request."""
    facts = gather(library, question)
    conversation = store.new_conversation()
    store.add(conversation, "assistant", "…", facts)
    back = store.messages(conversation)[0].facts
    assert isinstance(back, Facts)
    assert back == facts


@pytest.mark.parametrize("old", [
    '{"kind": "sights"}', '{"request": {}, "kind": "gone", "language": "zh"}', "[]", "no json",
])
def test_facts_of_an_older_shape_leave_the_words(store: Store, database_url: str, library: Library, old: str) -> None:
    """An answer stored by another version loses its cards, not its words."""
    conversation = store.new_conversation()
    store.add(conversation, "assistant", "去栈桥吧。", gather(library, QINGDAO))
    sql(database_url, "update message set facts = :old", old=old)
    message = store.messages(conversation)[0]
    assert (message.text, message.facts) == ("去栈桥吧。", None)


def test_a_store_is_opened_again_with_all_that_was_said(store: Store, database_url: str) -> None:
    """The next start finds the conversations of the last one."""
    conversation = store.new_conversation()
    store.add(conversation, "user", "青岛")
    assert said(Store(database_url), conversation) == [("user", "青岛")]


@pytest.mark.parametrize("text", [
    "'); DROP TABLE message;--", "<script>alert(1)</script>", "**粗** | # | ```", "🏖️👨‍👩‍👧‍👦", "a" * 10_000,
    "行一\n行二\r\n", "\x00空", f"{ESCAPE}0{ESCAPE}{ESCAPE}1\x00{ESCAPE}",
])
def test_any_words_are_kept_as_they_are(store: Store, text: str) -> None:
    """Whatever was typed is data: it is kept to the character and does nothing."""
    conversation = store.new_conversation()
    store.add(conversation, "user", text)
    assert said(store, conversation) == [("user", text)]


def test_words_that_are_no_text_do_not_break_the_store(store: Store) -> None:
    """Half a character, as a terminal of another encoding sends it, is kept in some form or refused in our words."""
    conversation = store.new_conversation()
    try:
        store.add(conversation, "user", "青岛\udce9好玩吗")
    except StorageError:
        assert store.messages(conversation) == []
    else:
        assert "好玩吗" in store.messages(conversation)[0].text


@pytest.mark.parametrize("content", [b"this is no database, it is a letter to somebody" * 50, bytes(4096)])
def test_a_file_that_is_no_database_is_our_own_error(tmp_path: Path, content: bytes) -> None:
    """A damaged database is told in one line that names the setting; the file is left for whoever can mend it."""
    path = tmp_path / "fengjing.db"
    path.write_bytes(content)
    with pytest.raises(StorageError, match="FENGJING_HOME"):
        Store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_our_own_error(tmp_path: Path) -> None:
    """A home that does not exist is told with the setting to check."""
    with pytest.raises(StorageError, match="FENGJING_HOME"):
        Store(f"sqlite:///{tmp_path / 'nowhere' / 'fengjing.db'}")
