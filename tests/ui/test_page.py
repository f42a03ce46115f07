"""What a reader does on the page and sees there, in process."""

from dataclasses import replace
from html import unescape

from fake_assistant import QINGDAO, FakeAssistant, sights_facts
from reading import OpenPage, htmls, keys, shown
from streamlit.testing.v1 import AppTest

from chains import wording
from chains.facts import Kind
from knowledge.errors import EngineError, PullError, StorageError
from ui.words import EN, ZH

HOSTILE = "<script>alert(1)</script> ![图](http://a/b.png) **粗** :red[红]"


def asked(page: AppTest, text: str) -> AppTest:
    """The page after a typed question."""
    page.chat_input[0].set_value(text).run()
    assert not page.exception
    return page


def clicked(page: AppTest, key: str) -> AppTest:
    """The page after a click."""
    page.button(key=key).click().run()
    assert not page.exception
    return page


def test_the_first_screen_greets_and_offers_questions(open_page: OpenPage) -> None:
    """A new reader sees the name, a sentence and six questions, 青岛 first."""
    page = open_page(FakeAssistant())
    assert ZH.title in shown(page)
    assert ZH.greeting in shown(page)
    assert len(ZH.questions) == len(keys(page, "question-")) == 6
    assert ZH.questions[0].text == QINGDAO
    assert not page.chat_message


def test_a_click_on_a_question_asks_it(open_page: OpenPage) -> None:
    """The clicked question is asked as it is written, and its answer is drawn."""
    assistant = FakeAssistant()
    page = clicked(open_page(assistant), "question-0")
    assert assistant.asked == [QINGDAO]
    assert [message.name for message in page.chat_message] == ["user", "assistant"]
    assert "fj-hero" not in shown(page)


def test_every_card_carries_the_records_price(open_page: OpenPage) -> None:
    """Each of the six cards shows name and price exactly as `wording` says them."""
    assistant = FakeAssistant()
    text = unescape(shown(asked(open_page(assistant), QINGDAO)))
    assert text.count('<article class="fj-card">') == 6
    for card in assistant.facts.cards:
        assert wording.name_of(card.sight, "zh") in text
        assert f">{wording.price_words(card.sight.ticket, 'zh')}</p>" in text


def test_the_answer_keeps_its_lines_and_numbers(open_page: OpenPage) -> None:
    """Lines stand as they were written; no number is counted anew."""
    page = asked(open_page(FakeAssistant(lines=("开头。", "3. 第三（免费）：好看。", "7. 第七（60元）：好玩。"))), QINGDAO)
    answer = next(body for body in htmls(page) if "fj-answer" in body)
    assert '<span class="fj-number">3. </span>' in answer
    assert '<span class="fj-number">7. </span>' in answer
    assert "fj-writing" not in answer


def test_hostile_text_is_shown_as_text(open_page: OpenPage) -> None:
    """Tags and markdown of a question are escaped, in the bubble and in the list of conversations."""
    page = asked(open_page(FakeAssistant()), HOSTILE)
    assert "<script>" not in shown(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ![图](http://a/b.png) **粗** :red[红]" in shown(page)
    title = page.button(key=keys(page, "open-")[0]).label
    assert title.startswith(r"\<script\>alert\(1\)")


def test_each_number_opens_its_record(open_page: OpenPage) -> None:
    """Behind each number stand the record's facts, every one with its source and year, and the page's link."""
    assistant = FakeAssistant()
    page = asked(open_page(assistant), QINGDAO)
    opened = [unescape(body) for body in htmls(page) if "fj-source" in body]
    assert len(opened) == len(assistant.facts.citations) == 6
    for body, citation in zip(opened, assistant.facts.citations, strict=True):
        for _, source in citation.facts:
            assert f"{source.label} · {source.year} 年" in body
        assert citation.url in body


def test_the_line_below_tells_time_and_guard(open_page: OpenPage) -> None:
    """Seconds, lines and what code had to write are told, discreetly."""
    page = asked(open_page(FakeAssistant()), QINGDAO)
    assert '<p class="fj-remark">3.9 秒 · 11 行 · 1 行由事实直接写出</p>' in shown(page)


def test_answer_again_takes_the_last_turn_back(open_page: OpenPage) -> None:
    """Asking again replaces the answer instead of adding one."""
    assistant = FakeAssistant()
    page = asked(open_page(assistant), QINGDAO)
    again = keys(page, "again-")[0]
    clicked(page, again)
    assert assistant.asked == [QINGDAO, QINGDAO]
    assert [message.name for message in page.chat_message] == ["user", "assistant"]


def test_a_follow_up_stays_in_the_conversation(open_page: OpenPage) -> None:
    """A second question is answered below the first, and only the last answer can be asked for again."""
    assistant = FakeAssistant()
    page = asked(asked(open_page(assistant), QINGDAO), "那门票呢？")
    assert len(page.chat_message) == 4
    assert len(assistant.kept) == 1
    assert len(keys(page, "again-")) == 1


def test_offered_questions_can_be_clicked(open_page: OpenPage) -> None:
    """Below an answer stand questions that lead on."""
    assistant = FakeAssistant()
    page = asked(open_page(assistant), QINGDAO)
    key = keys(page, "next-")[0]
    clicked(page, key)
    assert assistant.asked[1] == "栈桥几点开门？"


def test_offered_cities_can_be_clicked(open_page: OpenPage) -> None:
    """Where no city was named, the cities offered are buttons."""
    facts = replace(sights_facts(), kind=Kind.ASK_CITY, cards=(), cities=(), total=None, citations=(), suggestions=("青岛", "北京"))
    assistant = FakeAssistant(facts=facts)
    page = asked(open_page(assistant), "想出去玩")
    clicked(page, next(str(button.key) for button in page.button if button.label == "北京"))
    assert assistant.asked[1] == "北京"


def test_an_error_is_one_kind_line_and_the_page_goes_on(open_page: OpenPage) -> None:
    """An error of the family is shown as its line; the next question is answered."""
    assistant = FakeAssistant(error=EngineError("the engine broke off; run 'fengjing doctor'"))
    page = asked(open_page(assistant), QINGDAO)
    assert [error.value.replace("\\", "") for error in page.error] == ["the engine broke off; run 'fengjing doctor'"]
    assistant.error = None
    clicked(page, "retry")
    assert assistant.asked == [QINGDAO, QINGDAO]
    assert [message.name for message in page.chat_message] == ["user", "assistant"]
    assert not page.error
    assert "fj-card" in shown(page)


def test_a_question_that_was_not_stored_can_be_asked_again(open_page: OpenPage) -> None:
    """Where not even the question could be written down, nothing typed is lost."""
    assistant = FakeAssistant(storage_error=StorageError("the disk is full; free some space"))
    page = asked(open_page(assistant), QINGDAO)
    assert "the disk is full" in page.error[0].value
    assistant.storage_error = None
    clicked(page, "retry")
    assert assistant.asked == [QINGDAO, QINGDAO]
    assert "fj-card" in shown(page)


def test_an_error_of_the_list_of_conversations_is_shown(open_page: OpenPage) -> None:
    """A database that cannot be read gives a line, no traceback."""
    assistant = FakeAssistant()
    page = open_page(assistant)
    assistant.list_error = StorageError("conversations cannot be read; is the disk full?")
    page.run()
    assert not page.exception
    assert "cannot be read" in page.error[0].value


def test_a_failed_start_says_what_to_type_and_can_be_tried_again(open_page: OpenPage) -> None:
    """Where the assistant does not open, the page says why and offers another try."""
    page = open_page(FakeAssistant(), (PullError("the model is not here; run 'fengjing model pull'"),))
    assert "fengjing model pull" in page.error[0].value.replace("\\", "")
    assert not page.chat_input
    page.button[0].click().run()
    assert not page.error
    assert "fj-hero" in shown(page)


def test_the_interface_speaks_english_on_request(open_page: OpenPage) -> None:
    """The switch changes the interface, not the answers, and is kept in the address."""
    page = asked(open_page(FakeAssistant()), QINGDAO)
    page.segmented_control(key="language").set_value("en").run()
    assert page.button(key="new-talk").label == EN.new_talk
    assert page.query_params["lang"] == "en"
    assert "一位成人门票合计" in shown(page)


def test_an_english_answer_has_english_cards(open_page: OpenPage) -> None:
    """Cards speak the language of the answer."""
    facts = sights_facts("What is worth seeing in Qingdao?", language="en")
    text = unescape(shown(asked(open_page(FakeAssistant(facts=facts)), facts.request.text)))
    for card in facts.cards:
        assert card.sight.name_en in text
        assert wording.price_words(card.sight.ticket, "en") in text


def test_past_conversations_are_opened_and_deleted(open_page: OpenPage) -> None:
    """A past conversation is drawn as it was; deleting the open one leads back to the first screen."""
    assistant = FakeAssistant()
    page = asked(open_page(assistant), QINGDAO)
    asked(clicked(page, "new-talk"), "杭州呢")
    assert list(assistant.kept) == [1, 2]
    clicked(page, "open-1")
    assert QINGDAO in shown(page)
    assert page.query_params["c"] == "1"
    clicked(page, "delete-1")
    assert list(assistant.kept) == [2]
    assert "fj-hero" in shown(page)


def test_an_address_of_a_lost_conversation_opens_a_new_one(open_page: OpenPage) -> None:
    """A number that is not there, or no number at all, is no error."""
    page = open_page(FakeAssistant())
    for number in ("99", "abc", "٣", "-1", "1e9"):
        page.query_params["c"] = number
        page.run()
        assert not page.exception
        assert "fj-hero" in shown(page)


def test_a_stopped_answer_says_so_and_can_be_asked_again(open_page: OpenPage) -> None:
    """What was written before the stop is drawn with its sources, and a button to answer anew."""
    assistant = FakeAssistant()
    number = assistant.new_conversation()
    events = assistant.stream(number, QINGDAO)
    for _ in range(5):
        next(events)
    events.close()
    page = open_page(assistant)
    clicked(page, f"open-{number}")
    assert assistant.closed == ["stopped"]
    assert ZH.stopped in shown(page)
    assert "fj-source" in shown(page)
    assert keys(page, "again-")
