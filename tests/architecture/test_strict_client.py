import pytest

from tests.strict import check_page


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>سلام</p><p>Please correct the errors below.</p>", "Please correct the errors below"),
        ('<input placeholder="Type to search everything">', "Type to search everything"),
        ('<a title="Go back to the list">بازگشت</a>', "Go back to the list"),
        ("<p class='latin'>evidence of the second quarter</p><p>but this is read</p>", "but this is read"),
        ("<br><img><p>text after void tags<br></p>", "text after void tags"),
        ("text before all the tags<p>", "text before all the tags"),
        ("<p>۱ < ۲ is what we know<p>", "is what we know"),
        ("<p>we don&#x27;t know that", "we don't know that"),
        ("<p>four words&#32;a&#9;part", "four words a"),
        ("<IMG ALT='A LOUD CRY IN CAPITALS'>", "A LOUD CRY IN CAPITALS"),
        ("<script>1</script>words behind a script<!-- x -->", "words behind a script"),
        ("<a href='/x?a>b' aria-label='open the next page'>", "open the next page"),
    ],
)
def test_an_english_sentence_is_refused_in_persian_mode(html, words):
    with pytest.raises(AssertionError) as refusal:
        check_page(html, language="fa", path="/x/")
    assert words in str(refusal.value)
    check_page(html, language="en", path="/x/")


@pytest.mark.parametrize(
    "html",
    [
        "<p>سه کلمهٔ Django Unfold Admin مجاز است</p>",
        "<script>if this then that else</script><style>a b c d e</style>",
        '<div lang="en">English is one click away</div>',
        '<span class="x latin">a b c d e</span>',
        "<code>select one from two</code>",
    ],
)
def test_code_names_and_marked_latin_pass(html):
    check_page(html, language="fa", path="/x/")


@pytest.mark.parametrize("html", ["<p>{{ name }}</p>", "<p>{% trans %}</p>", "<p>&lt;span&gt;</p>"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_template_code_is_refused_in_both_languages(html, language):
    with pytest.raises(AssertionError, match="shows template code"):
        check_page(html, language=language, path="/x/")
