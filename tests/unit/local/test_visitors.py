"""The browser of the demo sends what a browser sends; what form providers send is checked by the product itself."""

from local.visitors.browser import Form

PAGE = """<main><form method="post" action="97871060099/registrants">
<input type="hidden" name="_submission" value="0b0c"><input name="email"><select name="org"></select>
<input type="radio" name="slot" value="morning"><input name="_gotcha"><button>Register</button></form>
<input name="search"></main>"""


def test_a_browser_sends_hidden_and_empty_fields_but_no_choice_that_was_not_made() -> None:
    form = Form(PAGE)

    assert form.action == "97871060099/registrants"
    assert form.fields == {"_submission": "0b0c", "email": "", "org": "", "_gotcha": ""}
    assert form.names == {*form.fields, "slot"}
