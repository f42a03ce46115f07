"""One page with its redirects, and the signs of a locked door."""

import pytest

from knowledge.crawl.errors import PageProblem, SiteClosed
from knowledge.crawl.fetch import Reply
from knowledge.crawl.verification import is_door, sign_of_verification
from tests.knowledge.crawl.local_site import WORDS, Served, local_site, page, redirect, visitor


def answer(body: str, status: int = 200, kind: str = "text/html; charset=utf-8", charset: str = "utf-8") -> Reply:
    """An answer as the fetcher gives it."""
    return Reply("https://sight.qunar.com/1", status, {"Content-Type": kind}, body.encode(charset))


@pytest.mark.parametrize("reply", [
    answer('{"ret":false,"errmsg":"blocked"}', kind="application/json"),
    answer("<script>var ret=false;location.reload()</script>"),
    answer("callback({ret = false})"),
    answer(f"<p>安全系统检测到异常访问,当前请求已经被拦截</p>{WORDS}"),
    answer("<title>验证</title><div>系统繁忙</div>"),
    answer("<title>滑动验证页面</title>" + "<script>" + "x" * 50_000 + "</script>"),
    answer("<p>请输入验证码后继续访问</p>"),
    answer("<div id='captcha-box'></div>"),
    answer("<p>请完成验证</p><div>拖动滑块完成拼图</div>", charset="gbk", kind="text/html; charset=gbk"),
    answer("<p>Please verify you are human</p>", 403),
    answer("", 521),
    answer("", 401),
    answer("<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"),
])
def test_signs_of_verification(reply):
    """Blocked answers, captchas, sliders, cookie challenges and logins are recognised, in UTF-8 and GBK."""
    assert sign_of_verification(reply)


@pytest.mark.parametrize("reply", [
    answer(f"<title>栈桥</title><p>{WORDS}</p>"),
    answer(f"<title>栈桥</title><p>{WORDS}</p><form hidden>请输入验证码<div class='captcha'></div></form>"),
    answer(f"<title>栈桥</title><p>{WORDS}</p><script>var ret=false;{'x' * 9000}</script>"),
    answer("<title>栈桥</title><p>开放时间 08:00-17:00</p>"),
    answer('{"ret":true,"data":{"sightList":[]}}', kind="application/json"),
    answer("<title>404</title>", 404),
    answer("<script>document.cookie='a=1'</script><a href='/2'>下一页</a><p>青岛</p>"),
])
def test_ordinary_pages_show_no_sign(reply):
    """A page about a sight may have a hidden login form or a script that says ret=false."""
    assert sign_of_verification(reply) is None


@pytest.mark.parametrize(("url", "expected"), [
    ("https://passport.ctrip.com/user/login", True), ("https://user.qunar.com/passport/login.jsp", True), ("https://host/login?next=/a", True),
    ("https://captcha.host.cn/", True), ("https://host/webapp/verify/slide", True), ("https://host/sight/1.html", False),
    ("https://host/loginless-sights", False), ("https://host/sight/login-tower", False), ("https://login/", False),
])
def test_doors(url, expected):
    """Login and verification hosts and paths; the words deep inside an address are none."""
    assert is_door(url) is expected


def test_a_page_is_visited(site, hand):
    """robots.txt comes first, then the page, a gap later."""
    site.pages["/a"] = page()
    assert visitor(site, hand).visit(f"{site.url}/a").status == 200
    assert (site.asked, hand.slept) == (["/robots.txt", "/a"], [1.5])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_within_the_site_are_followed(site, hand, status):
    """The page at the end counts, with its own address; every hop waits its turn."""
    site.pages.update({"/a": redirect("/b;jsessionid=1#x", status), "/b": page()})
    assert visitor(site, hand).visit(f"{site.url}/a").url == f"{site.url}/b"
    assert hand.slept == [1.5, 1.5]


def test_redirects_with_chinese_in_them_are_followed(site, hand):
    """Some servers send the address unescaped, in UTF-8."""
    site.pages.update({"/a": redirect("/青岛".encode().decode("latin-1")), "/%E9%9D%92%E5%B2%9B": page()})
    assert visitor(site, hand).visit(f"{site.url}/a").status == 200


def test_five_redirects_are_the_limit(site, hand):
    """The fifth hop is followed, a sixth is not."""
    site.pages.update({f"/{hop}": redirect(f"/{hop + 1}") for hop in range(6)})
    site.pages["/6"] = page()
    assert visitor(site, hand).visit(f"{site.url}/1").url.endswith("/6")
    with pytest.raises(PageProblem, match="more than 5 times"):
        visitor(site, hand).visit(f"{site.url}/0")


@pytest.mark.parametrize("pages", [{"/a": redirect("/a")}, {"/a": redirect("/b"), "/b": redirect("/a?utm_source=loop")}])
def test_circles_are_noticed(site, hand, pages):
    """A redirect to a page of the trail ends it at once."""
    site.pages.update(pages)
    with pytest.raises(PageProblem, match="circle"):
        visitor(site, hand).visit(f"{site.url}/a")
    assert len(site.asked_pages()) == len(pages)


@pytest.mark.parametrize(("target", "reason"), [
    ("http://169.254.169.254/latest", "another site"), ("https://example.com/", "another site"), ("http://127.0.0.1:1/", "another site"),
    ("file:///etc/passwd", "no crawler goes"), ("http://a:b@127.0.0.1/", "no crawler goes"), ("", "without saying where"),
])
def test_redirects_out_of_the_site_are_not_followed(site, hand, target, reason):
    """Other hosts, ports and schemes are not reached."""
    site.pages["/a"] = redirect(target)
    with pytest.raises(PageProblem, match=reason):
        visitor(site, hand).visit(f"{site.url}/a")


def test_each_hop_obeys_robots(site, hand):
    """A redirect is no way around robots.txt."""
    site.pages.update({"/robots.txt": Served("User-agent: *\nDisallow: /b", kind="text/plain"), "/a": redirect("/b"), "/b": page()})
    with pytest.raises(PageProblem, match="forbids"):
        visitor(site, hand).visit(f"{site.url}/a")
    assert site.asked_pages() == ["/a"]


@pytest.mark.parametrize("target", ["https://passport.ctrip.com/user/login", "/login?back=/a", "https://user.qunar.com/passport/x"])
def test_a_redirect_to_a_login_closes_the_site(site, hand, target):
    """The crawler never logs in: it stops and says what to do."""
    site.pages["/a"] = redirect(target)
    with pytest.raises(SiteClosed, match=r"login.*wait a day.*fengjing knowledge import"):
        visitor(site, hand).visit(f"{site.url}/a")
    assert site.asked_pages() == ["/a"]


def test_a_private_address_costs_the_page(site, hand):
    """A site whose robots.txt leads to a private address gives no page, and nobody is asked there."""
    with local_site() as neighbour:
        site.pages["/robots.txt"] = redirect(neighbour.url.replace("127.0.0.1", "[::ffff:127.0.0.1]") + "/robots.txt")
        with pytest.raises(PageProblem, match="no public address") as refused:
            visitor(site, hand).visit(f"{site.url}/a")
        assert neighbour.asked == []
    assert refused.value.passing


def test_three_refusals_in_a_row_close_the_site(site, hand):
    """A single 403 is a page, three in a row are a message; a page between them starts the count anew."""
    polite = visitor(site, hand)
    site.pages.update({"/no": Served("no", 403), "/yes": page()})
    for path in ("/no", "/no", "/yes", "/no", "/no"):
        if path == "/yes":
            polite.visit(site.url + path)
            continue
        with pytest.raises(PageProblem, match="HTTP 403"):
            polite.visit(site.url + path)
    with pytest.raises(SiteClosed, match="3 pages in a row"):
        polite.visit(f"{site.url}/no")
