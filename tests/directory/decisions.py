"""A moderator's decision, as a browser sends it."""


def open_form(client, path) -> dict:
    """What stands in the form of a decision's page when it is opened."""
    return {"seen": client.get(path).context["form"]["seen"].value()}


def press(client, path, data=None, **kwargs):
    """Opens the page of a decision and sends its form."""
    return client.post(path, open_form(client, path) | (data or {}), **kwargs)
