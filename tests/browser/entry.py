"""Two ways into the admin: by the login page, and past it."""

NOBODY_YET = "nobody yet"  # whoever has not logged in


def log_in(page, user):
    """Log in as people do, with a name and a password."""
    user.set_password("a long enough one")
    user.save()
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(user.username)
    page.locator("input[name=password]").fill("a long enough one")
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url("**/admin/")


def enter(page, live_server, cast, who):
    """Take over the session of a test client; `who` is a user or the name of one in the cast."""
    cookie = cast.client(who).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
